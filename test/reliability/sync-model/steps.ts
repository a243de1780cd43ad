import fc from 'fast-check';

/** Clients of a play; the first is the head of the class. */
export const CLIENTS = 3;

/** One thing that happens: somebody does something, or the network lets something through, or breaks. */
export type Step =
  | { readonly kind: 'post'; readonly client: number }
  | { readonly kind: 'edit' | 'delete'; readonly client: number; readonly message: number }
  | { readonly kind: 'pin'; readonly client: number; readonly message: number; readonly on: boolean }
  | {
      readonly kind: 'react';
      readonly client: number;
      readonly message: number;
      readonly emoji: string;
      readonly on: boolean;
    }
  /** Someone whose network is good says this much at once. */
  | { readonly kind: 'burst'; readonly posts: number; readonly edits: number }
  | { readonly kind: 'loadOlder'; readonly client: number; readonly limit: number }
  | { readonly kind: 'up' | 'down'; readonly client: number; readonly frames: number }
  /** Everything passes that waits for one client, both ways. */
  | { readonly kind: 'flow'; readonly client: number }
  | { readonly kind: 'cut'; readonly client: number; readonly ghosts: boolean }
  | { readonly kind: 'reconnect'; readonly client: number };

export interface Play {
  /** Messages that the thread has before anyone opens it. */
  readonly before: number;
  /** Whether everyone has opened it before the first step; else that is part of the play. */
  readonly opened: boolean;
  readonly steps: readonly Step[];
}

const client = fc.nat({ max: CLIENTS - 1 });
/** Counted back from the newest message that the client sees. */
const message = fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 120 }));
const emoji = fc.constantFrom('👍', '🎉');
const on = fc.boolean();
const frames = fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 30 }));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('post' as const), client }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('edit' as const, 'delete' as const), client, message }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('react' as const), client, message, emoji, on }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pin' as const), client, message, on }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('burst' as const),
      posts: fc.oneof(
        { weight: 9, arbitrary: fc.nat({ max: 8 }) },
        { weight: 1, arbitrary: fc.integer({ min: 190, max: 230 }) },
      ),
      edits: fc.nat({ max: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('loadOlder' as const),
      client,
      limit: fc.integer({ min: 1, max: 60 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constantFrom('up' as const, 'down' as const), client, frames }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('flow' as const), client }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), client, ghosts: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('reconnect' as const), client }) },
);

/** Any interleaving; it shrinks to fewer and smaller steps. */
export const plays: fc.Arbitrary<Play> = fc.record({
  before: fc.constantFrom(0, 3, 60, 130),
  opened: fc.constantFrom(true, true, true, false),
  steps: fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
});
