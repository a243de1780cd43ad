import { z } from 'zod';
import type { BusEvent } from '../bus.ts';
import { fromTuple, toTuple } from './event-tuple.ts';

/** Events of one channel that travel together. */
export interface Batch {
  readonly channel: string;
  /** Grows with every batch that a line sends, so that one that is sent again is told from one that is new. */
  number?: number;
  /** Whether those here have heard them already, because there was no connection. */
  readonly heardHere: boolean;
  /** `gap`: something happened that is not said here. */
  readonly events: BusEvent[] | 'gap';
}

/** A batch as it came. */
export interface Received {
  readonly line: string;
  readonly number: number;
  readonly heardThere: boolean;
  /** Undefined in the place of what only a newer version understands. */
  readonly events: readonly (BusEvent | undefined)[] | 'gap';
}

const payload = z.tuple([
  z.string(), // the line
  z.int(), // number
  z.literal([0, 1]), // heardHere
  z.union([z.literal('gap'), z.array(z.unknown())]),
]);

export function encodeBatch(line: string, { number = 0, heardHere, events }: Batch): string {
  const what = events === 'gap' ? events : events.map(toTuple);
  return JSON.stringify([line, number, heardHere ? 1 : 0, what] satisfies z.infer<typeof payload>);
}

/** Undefined for what is no batch of ours. */
export function decodeBatch(text: string): Received | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { success, data } = payload.safeParse(value);
  if (!success) return undefined;
  const [line, number, heard, events] = data;
  return { line, number, heardThere: heard === 1, events: events === 'gap' ? events : events.map(fromTuple) };
}
