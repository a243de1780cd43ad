import { PokersError } from '../../errors.ts';

/** Most that may wait. Further ones are refused with `store_unavailable`. */
const WAITING_MAX = 20_000;

/** Most in one transaction: bounds how long others wait for its locks. */
const BATCH_MAX = 500;

/** What became of one of those that were carried out together. */
export type Outcome<Result> = { readonly value: Result } | { readonly error: unknown };

interface Waiting<Job, Result> {
  readonly job: Job;
  readonly resolve: (value: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Group commit: while a transaction is under way, jobs gather here; when it is done, they share the next one. */
export class Gathering<Job, Result> {
  readonly #carryOut: (jobs: readonly Job[]) => Promise<readonly Outcome<Result>[]>;
  #waiting: Waiting<Job, Result>[] = [];
  #underway: Promise<void> | undefined;

  constructor(carryOut: (jobs: readonly Job[]) => Promise<readonly Outcome<Result>[]>) {
    this.#carryOut = carryOut;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  run(job: Job): Promise<Result> {
    if (this.#waiting.length >= WAITING_MAX)
      return Promise.reject(new PokersError('store_unavailable', 'too many writes wait'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#underway ??= this.#work();
    });
  }

  /** When all that came before is done. */
  async idle(): Promise<void> {
    await this.#underway;
  }

  async #work(): Promise<void> {
    await Promise.resolve(); // what comes in the same turn of the loop goes along
    while (this.#waiting.length > 0) {
      const some = this.#waiting.splice(0, BATCH_MAX);
      const outcomes = await this.#outcomesOf(some.map(({ job }) => job));
      some.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index] ?? { error: new Error('a job was left without an outcome') };
        if ('value' in outcome) resolve(outcome.value);
        else reject(outcome.error);
      });
    }
    this.#underway = undefined;
  }

  async #outcomesOf(jobs: readonly Job[]): Promise<readonly Outcome<Result>[]> {
    try {
      return await this.#carryOut(jobs);
    } catch (error) {
      return jobs.map(() => ({ error }));
    }
  }
}
