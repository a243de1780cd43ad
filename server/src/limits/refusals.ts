import { PokersError } from '../errors.ts';

/** What was too much, as the metric `pokers_refused_total` names it. */
export const REFUSAL_REASONS = [
  'connections',
  'memory',
  'stopping',
  'address',
  'user',
  'frames',
  'posts',
  'changes',
  'searches',
  'announces',
  'sign_in',
  'sign_up',
  'requests',
  'downloads',
  'uploads',
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** A client that the server has no room for should not come back at once, nor together with the others. In seconds. */
const BUSY_SECONDS = { min: 5, max: 15 };

/** Counts what was refused, and makes the errors that say so. */
export class Refusals {
  readonly #counts = new Map<RefusalReason, number>();

  of(reason: RefusalReason): number {
    return this.#counts.get(reason) ?? 0;
  }

  count(reason: RefusalReason): void {
    this.#counts.set(reason, this.of(reason) + 1);
  }

  /** One client does too much; the others are not touched. */
  tooMany(reason: RefusalReason, waitMs: number): PokersError {
    this.count(reason);
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    return new PokersError('too_many', `again in ${seconds} s`, { retryAfter: seconds });
  }

  /** All of them together are too much for the server, or it is stopping. */
  busy(reason: RefusalReason): PokersError {
    this.count(reason);
    const { min, max } = BUSY_SECONDS;
    return new PokersError('busy', undefined, {
      retryAfter: min + Math.floor(Math.random() * (max - min + 1)),
    });
  }
}
