/** Runs in a browser's page: the rules of the outbox's stores, on the real IndexedDB. */
import { IndexedDbOutboxStore } from '../src/index.ts';
import { DURABLE_STORE_RULES, OUTBOX_STORE_RULES } from './outbox-store-contract.ts';

async function checkRule(name: string): Promise<void> {
  const rule = [...OUTBOX_STORE_RULES, ...DURABLE_STORE_RULES].find((rule) => rule.name === name);
  if (!rule) throw new Error(`There is no rule "${name}".`);
  await rule.check(() => new IndexedDbOutboxStore(name));
}

Object.assign(globalThis, { checkRule });
