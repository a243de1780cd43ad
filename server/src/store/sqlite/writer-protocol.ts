import type { ErrorName } from '@pokers/protocol/codes';
import type { ChangeName } from '../changes.ts';
import type { CompiledStep } from '../row-store.ts';
import type { MessageDraft } from '../store.ts';

/**
 * A piece of work for the writer thread: a post, another change by name, a statement of the accounts, or steps that happen all or none. It travels as JSON, which costs
 * a third of what copying objects between threads does: only what JSON can carry may be in it.
 */
export type Job =
  | { readonly kind: 'append'; readonly draft: MessageDraft }
  | { readonly kind: 'change'; readonly name: ChangeName; readonly input: unknown }
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly kind: 'steps'; readonly steps: readonly CompiledStep[] };

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

/** Main → writer. `jobs` is a JSON array of `Job`s. `stop` closes the database and is the last word. */
export type ToWriter = { readonly kind: 'batch'; readonly jobs: string } | { readonly kind: 'stop' };

/**
 * Writer → main, once for each batch: `outcomes` is a JSON array of `Outcome`s in order of the jobs. `ready` and `stopped`
 * frame its life.
 */
export type FromWriter =
  | { readonly kind: 'ready' }
  | { readonly kind: 'batch'; readonly outcomes: string }
  | { readonly kind: 'stopped' };
