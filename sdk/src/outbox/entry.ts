import type { PokersError } from '../errors.ts';

/** What can be said to a thread so that it lasts. */
export type OutboxCommand =
  | {
      readonly action: 'post';
      readonly thread: number;
      /** Blank only with a file. */
      readonly content: string;
      /** The id of a file that was uploaded. */
      readonly file?: number;
      readonly reply?: number;
      readonly mentions?: readonly number[];
    }
  | {
      readonly action: 'edit';
      readonly thread: number;
      readonly message: number;
      readonly content: string;
      readonly mentions?: readonly number[];
    }
  | { readonly action: 'delete'; readonly thread: number; readonly message: number }
  | {
      readonly action: 'react';
      readonly thread: number;
      readonly message: number;
      readonly emoji: string;
      readonly on: boolean;
    }
  | { readonly action: 'pin'; readonly thread: number; readonly message: number; readonly on: boolean }
  | { readonly action: 'read'; readonly thread: number; readonly message: number };

/** What a store keeps: plain data, so that any storage can hold it. An entry of one id only changes `at` and `failure`. */
export type StoredEntry = OutboxCommand & {
  /** The nonce: with it the server carries the command out once, however often it is sent. */
  readonly id: string;
  /** When it was made, or last tried again by hand, in ms since 1970. It gives the order, and so no two of a page are equal. */
  readonly at: number;
  /** The newest message of the thread that was known then: a post becomes a later one. */
  readonly after?: number;
  /** Why it is not sent. Without it, it waits for its turn. */
  readonly failure?: Refusal;
};

export interface Refusal {
  readonly code: number;
  readonly error: string;
  readonly message: string;
}

/** A command that is not answered yet, as an application shows it. A later state of it is another object. */
export type OutboxEntry = Exclude<OutboxCommand, { action: 'read' }> & {
  readonly id: string;
  /** When it was made, or last tried again by hand, in ms since 1970. */
  readonly at: number;
  /** The newest message of the thread that was known then; undefined where none was. */
  readonly after?: number;
  readonly status: 'pending' | 'failed';
  /** Why it failed; it waits until it is tried again or discarded. */
  readonly failure?: PokersError;
  /** Whether it outlives this page or process: it is on disk. */
  readonly kept: boolean;
};

/** In order of making, also over several pages, whose clock is the same. */
export function compareEntries(a: StoredEntry, b: StoredEntry): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1);
}

/** The command's fields on the wire. Reading needs no nonce: going back changes nothing. */
export function questionOf(entry: StoredEntry): object {
  const nonce = entry.id;
  switch (entry.action) {
    case 'post':
      return {
        thread: entry.thread,
        content: entry.content,
        ...(entry.file !== undefined && { file: entry.file }),
        ...(entry.reply !== undefined && { reply: entry.reply }),
        ...(entry.mentions && { mentions: entry.mentions }),
        nonce,
      };
    case 'edit':
      return { message: entry.message, content: entry.content, mentions: entry.mentions, nonce };
    case 'delete':
      return { message: entry.message, nonce };
    case 'react':
      return { message: entry.message, emoji: entry.emoji, on: entry.on, nonce };
    case 'pin':
      return { message: entry.message, on: entry.on, nonce };
    case 'read':
      return { thread: entry.thread, message: entry.message };
  }
}

/** What a storage gave back may have been written by another version, or by someone else. */
export function isStoredEntry(value: unknown): value is StoredEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { id, at, action, thread, message, content } = value as Record<string, unknown>;
  if (typeof id !== 'string' || !Number.isFinite(at) || !Number.isSafeInteger(thread)) return false;
  if (action === 'post') return typeof content === 'string';
  return ACTIONS.has(action) && Number.isSafeInteger(message);
}

const ACTIONS: ReadonlySet<unknown> = new Set<OutboxCommand['action']>([
  'edit',
  'delete',
  'react',
  'pin',
  'read',
]);

/**
 * The time in ms, in 48 bits, and 80 random ones, as hexadecimal digits. The time comes first because a server's index then
 * grows at its end, which costs it much less than anywhere. Not crypto.randomUUID: browsers have that on https pages only,
 * and a server may live on a LAN.
 */
export function makeNonce(): string {
  const random = Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return Date.now().toString(16).padStart(12, '0') + random.join('');
}
