import type { IndexQuery } from '../search-index.ts';

export type Task =
  | { readonly kind: 'find'; readonly query: IndexQuery }
  | { readonly kind: 'catchUp' }
  | { readonly kind: 'settle' };

/** Main → search thread. `number` is given back with what became of the task. `stop` closes the files and is the last word. */
export type ToSearch =
  | { readonly kind: 'task'; readonly number: number; readonly task: Task }
  | { readonly kind: 'stop' };

/** Search thread → main. `ready` and `stopped` frame its life. */
export type FromSearch =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly number: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly number: number; readonly message: string }
  | { readonly kind: 'stopped' };
