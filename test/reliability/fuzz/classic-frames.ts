import { LIMITS } from '@pokers/protocol/limits';
import type { Chance } from '../chance.ts';
import { extreme, jsonObject, jsonValue, mangled, text } from './values.ts';

/** Ids and a name that exist, so that some of what a fuzzed client says passes some checks. */
export interface KnownToClassic {
  readonly classroom: number;
  readonly threads: readonly number[];
  readonly speaker: number;
  readonly name: string;
  readonly messages: readonly number[];
}

const NAMES = ['action', 'thread_id', 'class_id', 'speaker', 'speaker_name', 'mes_id', 'op', '__proto__'];

/** A frame for the classic door: a sound request, one with something wrong about it, or what is none at all. */
export function classicFrame(chance: Chance, known: KnownToClassic): string | Uint8Array<ArrayBuffer> {
  const kind = chance.next();
  if (kind < 0.02) return chance.bytes(chance.between(0, 60));
  if (kind < 0.08) return extreme(chance, LIMITS.frameBytes);
  const id = (value: number): string => (chance.is(0.5) ? String(value) : `"${value}"`);
  const fields: [string, string][] = [
    ['action', JSON.stringify(chance.pick(['join', 'send']))],
    ['thread_id', id(chance.pick(known.threads))],
    ['class_id', id(known.classroom)],
    ['speaker', id(known.speaker)],
    ['speaker_name', JSON.stringify(known.name)],
    ['mes_id', id(chance.pick(known.messages))],
  ];
  if (kind < 0.2) return jsonObject(fields);
  const index = chance.between(0, fields.length - 1);
  if (kind < 0.6) return jsonObject(fields.with(index, [fields[index]?.[0] ?? '', jsonValue(chance)]));
  if (kind < 0.7) return jsonObject([...fields, [chance.pick(NAMES), jsonValue(chance)]]);
  if (kind < 0.8) return jsonObject(fields.with(index, [text(chance), jsonValue(chance)]));
  return kind < 0.95 ? mangled(chance, jsonObject(fields)) : jsonValue(chance);
}
