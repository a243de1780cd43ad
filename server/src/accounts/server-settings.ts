import { type SettingsView, SIGN_UP_MODES } from '@pokers/protocol/accounts';
import type { User } from '../store/store.ts';
import type { AccountParts } from './account-parts.ts';
import type { AccountReads } from './account-store.ts';
import { entryOf } from './audit-log.ts';
import type { Caller } from './caller.ts';

/** How the server is set up, as its heads decide. */
export class ServerSettings {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  read(): Promise<SettingsView> {
    return readSettings(this.#parts.store);
  }

  async change(
    actor: User,
    changed: { [K in keyof SettingsView]?: SettingsView[K] | undefined },
    caller: Caller,
  ): Promise<SettingsView> {
    const given = Object.entries(changed).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value] as const],
    );
    const settings: Record<string, string> = Object.fromEntries(given);
    const entry = entryOf({ actor, action: 'server.settings', detail: settings }, caller);
    await this.#parts.store.change('setSettings', settings, entry);
    return this.read();
  }
}

/** What has not been set, or cannot be read, is as it is on a new server. */
export async function readSettings(store: AccountReads): Promise<SettingsView> {
  const { name, sign_up, create_classes } = await store.settings();
  return {
    name: name ?? 'Pokers',
    sign_up: SIGN_UP_MODES.find((mode) => mode === sign_up) ?? 'open',
    create_classes: create_classes === 'head' ? 'head' : 'all',
  };
}
