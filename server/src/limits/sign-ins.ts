import { PokersError } from '../errors.ts';
import type { Caps } from './caps.ts';
import { RateTable } from './rate-table.ts';
import type { Refusals } from './refusals.ts';

/** Most addresses, accounts and pairs of them that are remembered, in each table: at most 5 MB in all of them. */
const ENTRIES_MAX = 5_000;

/**
 * Slows down who guesses passwords. Only failures count, so a whole school may sign in at eight; and who has signed in
 * to an account from an address before is held up there only by failures with this account from this address.
 *
 * Everyone behind a proxy has its address.
 */
export class SignIns {
  readonly #refusals: Refusals;
  readonly #pairs: RateTable;
  readonly #accounts: RateTable;
  readonly #addresses: RateTable;
  readonly #signUps: RateTable;
  /** Pairs of address and account that have succeeded, the latest last. */
  readonly #familiar = new Set<string>();

  constructor(caps: Caps, refusals: Refusals) {
    this.#refusals = refusals;
    const table = (burst: number, seconds: number) =>
      new RateTable({ burst, everyMs: seconds * 1000 }, ENTRIES_MAX);
    this.#pairs = table(caps.signInFailuresBurst, caps.signInFailureSeconds);
    this.#accounts = table(caps.accountFailuresBurst, caps.accountFailureSeconds);
    this.#addresses = table(caps.addressFailuresBurst, caps.addressFailureSeconds);
    this.#signUps = table(caps.signUpsBurst, caps.signUpSeconds);
  }

  /** Lets someone try to sign in. @throws too_many, and whatever `signIn` throws */
  async try<T>(address: string, email: string, signIn: () => Promise<T>): Promise<T> {
    const account = email.trim().toLowerCase();
    const pair = `${address} ${account}`;
    const counted: [RateTable, string][] = [[this.#pairs, pair]];
    if (!this.#familiar.has(pair)) counted.push([this.#accounts, account], [this.#addresses, address]);

    this.#takeAll(counted);
    let failed = false;
    try {
      const signedIn = await signIn();
      this.#remember(pair);
      return signedIn;
    } catch (error) {
      failed = error instanceof PokersError && error.error === 'wrong_credentials';
      throw error;
    } finally {
      if (!failed) for (const [table, key] of counted) table.giveBack(key);
    }
  }

  /** One more account is about to be made. @throws too_many */
  signUp(address: string): void {
    const early = this.#signUps.take(address);
    if (early > 0) throw this.#refusals.tooMany('sign_up', early);
  }

  /** Before the password is looked at, so that many tries at the same time count too. */
  #takeAll(counted: readonly [RateTable, string][]): void {
    for (const [index, [table, key]] of counted.entries()) {
      const early = table.take(key);
      if (early === 0) continue;
      for (const [taken, takenKey] of counted.slice(0, index)) taken.giveBack(takenKey);
      throw this.#refusals.tooMany('sign_in', early);
    }
  }

  #remember(pair: string): void {
    this.#familiar.delete(pair);
    this.#familiar.add(pair);
    if (this.#familiar.size <= ENTRIES_MAX) return;
    const [oldest] = this.#familiar;
    if (oldest !== undefined) this.#familiar.delete(oldest);
  }
}
