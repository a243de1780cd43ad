import { createHash, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { PokersError } from '../errors.ts';

/** OWASP's smallest advice for argon2id (19 MiB, 2 passes): fit for a server with 1 GB of memory. */
const ARGON2ID = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const;

/**
 * Hashes that run at the same time, and those that may wait; further ones are refused with `too_many`. On one core a
 * second would not make them faster, and would leave less of it to those who post.
 */
const RUNNING_MAX = availableParallelism() > 1 ? 2 : 1;
const WAITING_MAX = 200;

/** Unsalted MD5 hashes of the original are kept under this prefix until their owner signs in. */
export const LEGACY_PREFIX = 'md5:';

/** Password hashes, few at a time, so that many sign-ins at once cannot exhaust memory. */
export class Passwords {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  hash(password: string): Promise<string> {
    return this.#inTurn(() => Bun.password.hash(password, ARGON2ID));
  }

  /**
   * Whether it is the password. The work is the same whatever is known of it, so that the time tells nobody whether
   * there is such an account, or an imported one.
   * @param hash argon2id, a legacy MD5, or null where there is none
   * @returns and, where it is right and was a legacy hash, the one to put in its place
   */
  async verify(password: string, hash: string | null): Promise<{ right: boolean; better?: string }> {
    // Nobody has an empty one, and the hash refuses it.
    if (password === '') return { ...(await this.verify('\0', hash)), right: false };
    if (hash === null || hash.startsWith(LEGACY_PREFIX)) {
      const better = await this.hash(password);
      const right = hash !== null && matchesLegacy(password, hash.slice(LEGACY_PREFIX.length));
      return right ? { right, better } : { right };
    }
    return { right: await this.#inTurn(() => Bun.password.verify(password, hash)) };
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < RUNNING_MAX) this.#running++;
    else await this.#place();
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }

  /** Waits until a running one hands over its place. */
  #place(): Promise<void> {
    if (this.#waiting.length >= WAITING_MAX) throw new PokersError('too_many');
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

function matchesLegacy(password: string, hex: string): boolean {
  const expected = Buffer.from(hex, 'hex');
  const actual = createHash('md5').update(password).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
