import type { ErrorName } from '@pokers/protocol/codes';
import type { ChangeName } from './changes.ts';

/** A piece of work for the writer thread: a change by name, or a statement of the accounts. */
export type Job =
  | { readonly kind: 'change'; readonly name: ChangeName; readonly input: unknown }
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: readonly unknown[] };

/** What became of a job. `error` is absent where the failure is not one that clients are told about. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly error?: ErrorName;
      readonly message: string;
      /** What the client is told beside the error's own text. */
      readonly detail?: string | undefined;
    };

export interface QueryResult {
  readonly rows: unknown[];
  readonly changes: number;
  readonly insertId: number;
}

/** Main → writer. `stop` closes the database and is the last word. */
export type ToWriter = { readonly kind: 'batch'; readonly jobs: readonly Job[] } | { readonly kind: 'stop' };

/** Writer → main, once for each batch, in order of the jobs; `ready` and `stopped` frame its life. */
export type FromWriter =
  | { readonly kind: 'ready' }
  | { readonly kind: 'batch'; readonly outcomes: readonly Outcome[] }
  | { readonly kind: 'stopped' };
