import type { ErrorName } from '@pokers/protocol/codes';
import type { Compilable, Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** One statement of a change that happens as a whole or not at all. */
export interface Step {
  readonly query: Compilable;
  /** What its rows must be (of a statement without `returning`: those it changed), or nothing of the change happens. */
  readonly expect?: {
    readonly rows: 'some' | 'none';
    readonly otherwise: ErrorName;
    readonly detail?: string;
  };
}

/**
 * What is asked for and changed with one text on every engine. What must be quick (posts, pages of messages, whether
 * someone may) has methods of its own on the `Store`.
 */
export interface Records {
  /** For reading. */
  readonly db: Kysely<Tables>;
  /**
   * Carries out the steps in their order, all or none, durably when the promise resolves. Two changes of one class
   * follow one another, if each begins with a step that updates the class's row.
   * @returns the rows of each step that returns any
   * @throws the error of the first step whose rows are not as expected; store_unavailable
   */
  atomically(steps: readonly Step[]): Promise<Record<string, unknown>[][]>;
}
