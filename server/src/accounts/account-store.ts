import type { AuditEntry } from '../store/audit.ts';

/** A person's account as it stands in the store. */
export interface Account {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly head: boolean;
  /** Since when it is disabled, in Unix seconds. */
  readonly disabled: number | null;
  /** The password's hash, where there is one. */
  readonly hash: string | null;
  readonly hasSecondFactor: boolean;
  /** Unix seconds. */
  readonly created: number;
}

export interface SessionEntry {
  readonly id: number;
  /** Unix seconds. */
  readonly created: number;
  readonly expires: number;
  readonly address: string;
  readonly userAgent: string;
}

export interface TokenEntry {
  readonly id: number;
  readonly name: string;
  /** With blanks between them. */
  readonly scopes: string;
  readonly created: number;
  readonly expires: number | null;
  readonly used: number | null;
}

export interface SecondFactor {
  /** Sealed: see `sealed-text.ts`. */
  readonly secret: string;
  readonly confirmed: boolean;
  /** How many recovery codes are left. */
  readonly recoveryLeft: number;
}

export interface UserDraft {
  readonly name: string;
  readonly email: string;
  /** Of the password; null where there is none. */
  readonly hash: string | null;
  /** The account at the OIDC provider; null where there is none. */
  readonly oidc: string | null;
  /** Whether it is known that the e-mail is theirs. */
  readonly isVerified?: boolean;
  /** Whether it heads the server where nobody does. */
  readonly claimsHead: boolean;
  /** ISO, as the account library keeps times. */
  readonly at: string;
}

/** What is read of accounts, beside whose session a request carries (`SessionReader`). */
export interface AccountReads {
  account(id: number): Promise<Account | undefined>;
  /** By e-mail, or by a name that only one person has, however it is typed. */
  accountByLogin(login: string): Promise<Account | undefined>;
  accountByEmail(email: string): Promise<Account | undefined>;
  accountByOidc(oidc: string): Promise<Account | undefined>;
  /** Those that have not run out, newest first. */
  sessionsOf(user: number): Promise<SessionEntry[]>;
  tokensOf(user: number): Promise<TokenEntry[]>;
  secondFactorOf(user: number): Promise<SecondFactor | undefined>;
  /** Those whose name or e-mail contains a text, by id, beyond an id. */
  accounts(page: { q: string; after: number; limit: number }): Promise<Account[]>;
  /** Whether anybody heads the server. */
  hasHead(): Promise<boolean>;
  /** Whose link it is, if it is good. @param now Unix seconds */
  resetLinkUser(hash: string, now: number): Promise<number | undefined>;
  /** How often accounts were changed from outside of the server's processes. */
  outsideChanges(): Promise<number>;
  settings(): Promise<Readonly<Record<string, string>>>;
}

/** What changes accounts: each wholly or not at all. They run in the thread that writes, so what they take is JSON. */
export interface AccountChanges {
  /** @throws email_taken */
  createUser(draft: UserDraft): { id: number; head: boolean };
  /** @throws email_taken */
  changeUser(change: { user: number; name?: string; email?: string; at: string }): null;
  /**
   * From now on the person signs in by the sign-in service, which has made sure of their e-mail. Where we never had,
   * anyone may have made the account: all former ways into it (`ended`) are closed.
   */
  linkOidc(link: { user: number; oidc: string; at: string }): { former: 'ended' | 'kept' };
  /** Ends all sessions but one, and makes all reset links useless. */
  setPassword(change: { user: number; hash: string; keep: number | null; at: string }): null;
  /** Puts a better hash of the same password in the place of one. False where that is not there any more. */
  replaceHash(change: { user: number; from: string; to: string }): boolean;
  /** False where the user has no such session. */
  endSession(which: { user: number; session: number }): boolean;
  endSessions(which: { user: number; keep: number | null }): null;
  /** @throws limit_reached */
  createToken(draft: {
    user: number;
    name: string;
    hash: string;
    scopes: string;
    created: number;
    expires: number | null;
  }): number;
  deleteToken(which: { user: number; token: number }): boolean;
  noteTokenUsed(use: { token: number; used: number }): null;
  /** Not in force until it is confirmed. @throws second_factor_on */
  beginSecondFactor(draft: { user: number; secret: string; recovery: readonly string[] }): null;
  /** False where there is none that waits for it. @param step of the code that confirms it, which is used up */
  confirmSecondFactor(what: { user: number; step: number }): boolean;
  /** False where the code of this step, or of a later one, was used before. */
  useStep(use: { user: number; step: number }): boolean;
  /** False where it is not one of the user's that are left. @param hash of a recovery code */
  useRecovery(use: { user: number; hash: string }): boolean;
  /** False where no second factor is in force. */
  setRecovery(change: { user: number; recovery: readonly string[] }): boolean;
  removeSecondFactor(which: { user: number }): boolean;
  addResetLink(link: { user: number; hash: string; expires: number; now: number }): null;
  /** The user whose password it now is; all their sessions end, and their API tokens. @throws link_not_good */
  useResetLink(use: { hash: string; password: string; now: number; at: string }): number;
  /** Disabling ends all sessions. @throws user_not_found, last_head */
  setDisabled(change: { user: number; since: number | null }): null;
  /** @throws user_not_found, last_head */
  setHead(change: { user: number; head: boolean }): null;
  /** Tells the server's processes that sessions were ended from outside. */
  noteOutsideChange(nothing: null): null;
  setSettings(values: Readonly<Record<string, string>>): null;
}

/** The accounts' part of the durable truth. */
export interface AccountStore extends AccountReads {
  /** @param entries of the audit log, which are written with the change; none where it answers false */
  change<N extends keyof AccountChanges>(
    name: N,
    input: Parameters<AccountChanges[N]>[0],
    ...entries: AuditEntry[]
  ): Promise<ReturnType<AccountChanges[N]>>;
}
