import type { ErrorName } from '@pokers/protocol/codes';
import { nameKey } from '../accounts/name-key.ts';
import { PokersError } from '../errors.ts';
import type { Caps } from './caps.ts';
import { RateTable } from './rate-table.ts';
import type { Refusals } from './refusals.ts';

/** Most addresses, accounts and pairs of them that are remembered, in each table: at most 5 MB in all of them. */
const ENTRIES_MAX = 5_000;

/** What counts as a failure. A missing second factor does not: whoever is asked for it knew the password. */
const FAILURES: ReadonlySet<ErrorName> = new Set(['wrong_credentials', 'wrong_password', 'wrong_code']);

/**
 * Slows down who guesses passwords. Only failures count, so a whole school may sign in at eight; and who has signed in
 * to an account from an address before is held up there only by failures with this account from this address. In a
 * browser in which they have signed in before, they are held up by failures in this browser alone.
 *
 * Everyone behind a proxy has its address.
 */
export class SignIns {
  readonly #refusals: Refusals;
  readonly #pairs: RateTable;
  readonly #accounts: RateTable;
  readonly #addresses: RateTable;
  readonly #codes: RateTable;
  readonly #resetMails: RateTable;
  readonly #resetAsks: RateTable;
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
    this.#codes = table(caps.codeFailuresBurst, caps.codeFailureSeconds);
    this.#resetMails = table(caps.resetMailsBurst, caps.resetMailSeconds);
    this.#resetAsks = table(caps.resetAsksBurst, caps.resetAskSeconds);
    this.#signUps = table(caps.signUpsBurst, caps.signUpSeconds);
  }

  /**
   * Lets someone try to sign in, or show by their password that it is they.
   * @param email or name, or what else the account is told by
   * @param device on which its owner has signed in before
   * @throws too_many, and whatever `signIn` throws
   */
  async try<T>(address: string, email: string, signIn: () => Promise<T>, device?: string): Promise<T> {
    const account = nameKey(email);
    const pair = `${device ?? address} ${account}`;
    const counted: [RateTable, string][] = [[this.#pairs, pair]];
    if (device === undefined && !this.#familiar.has(pair))
      counted.push([this.#accounts, account], [this.#addresses, address]);

    this.#takeAll(counted);
    let failed = false;
    try {
      const signedIn = await signIn();
      this.#remember(pair);
      return signedIn;
    } catch (error) {
      failed = error instanceof PokersError && FAILURES.has(error.error);
      throw error;
    } finally {
      if (!failed) for (const [table, key] of counted) table.giveBack(key);
    }
  }

  /** Lets who has the password try a second factor. @throws too_many */
  async tryCode(user: number, isRight: () => Promise<boolean>): Promise<boolean> {
    const key = String(user);
    const early = this.#codes.take(key);
    if (early > 0) throw this.#refusals.tooMany('sign_in', early);
    let right = true; // a fault of ours costs nobody a try
    try {
      right = await isRight();
      return right;
    } finally {
      if (right) this.#codes.giveBack(key);
    }
  }

  /** A reset link is asked for. @throws too_many */
  askReset(address: string): void {
    const early = this.#resetAsks.take(address);
    if (early > 0) throw this.#refusals.tooMany('sign_in', early);
  }

  /** Whether one more mail with a reset link may go to this account. */
  mayMail(user: number): boolean {
    return this.#resetMails.take(String(user)) === 0;
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
