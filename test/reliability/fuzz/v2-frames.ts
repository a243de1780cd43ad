import { LIMITS } from '@pokers/protocol/limits';
import { COMMANDS } from '@pokers/protocol/v2';
import type { Chance } from '../chance.ts';
import { extreme, jsonObject, jsonValue, mangled, text } from './values.ts';

/** What a fuzzed client knows of the server, so that some of what it says makes sense. */
export interface Known {
  readonly threads: readonly number[];
  readonly messages: readonly number[];
  readonly token: string;
}

const ACTIONS = Object.keys(COMMANDS);
const FIELDS = [
  'ref',
  'thread',
  'message',
  'content',
  'nonce',
  'emoji',
  'on',
  'after',
  'before',
  'limit',
  'token',
  '__proto__',
] as const;

/** A frame for the v2 door: a sound command, one with something wrong about it, or what is none at all. */
export function v2Frame(chance: Chance, known: Known): string | Uint8Array<ArrayBuffer> {
  const kind = chance.next();
  if (kind < 0.02) return chance.bytes(chance.between(0, 60));
  if (kind < 0.08) return extreme(chance, LIMITS.frameBytes);
  const fields = command(chance, known);
  if (kind < 0.3) return jsonObject(fields);
  if (kind < 0.7) return jsonObject(altered(chance, fields));
  if (kind < 0.95) return mangled(chance, jsonObject(fields));
  return jsonValue(chance);
}

type Field = readonly [name: string, value: string];

function command(chance: Chance, known: Known): Field[] {
  const action = chance.pick(ACTIONS);
  const values: Record<string, () => string> = {
    ref: () => String(chance.between(0, 1_000_000)),
    thread: () => String(chance.pick(known.threads)),
    message: () => String(chance.pick(known.messages)),
    content: () => JSON.stringify(text(chance)),
    nonce: () => JSON.stringify(chance.is(0.5) ? `n${chance.between(0, 1e9)}` : text(chance)),
    emoji: () => JSON.stringify(chance.pick(['👍', '❤️', '👩‍🏫', '🇨🇳', 'x', '👍👍', ''])),
    on: () => String(chance.is(0.5)),
    after: () => String(chance.between(0, 500)),
    before: () => String(chance.between(1, 500)),
    limit: () => String(chance.between(1, 5)),
    token: () => JSON.stringify(chance.is(0.5) ? known.token : mangled(chance, known.token)),
  };
  const shape = COMMANDS[action as keyof typeof COMMANDS].shape as Record<string, unknown>;
  const names = Object.keys(shape).filter((name) => name !== 'action');
  return [['action', JSON.stringify(action)], ...names.map((name): Field => [name, values[name]?.() ?? '1'])];
}

function altered(chance: Chance, fields: Field[]): Field[] {
  const index = chance.between(0, fields.length - 1);
  const [name = 'x', value = '1'] = fields[index] ?? [];
  switch (chance.between(0, 4)) {
    case 0:
      return fields.toSpliced(index, 1);
    case 1:
      return [...fields, [name, jsonValue(chance)]];
    case 2:
      return [...fields, [chance.is(0.5) ? chance.pick(FIELDS) : text(chance), jsonValue(chance)]];
    case 3:
      return fields.with(index, [text(chance), value]);
    default:
      return fields.with(index, [name, jsonValue(chance)]);
  }
}
