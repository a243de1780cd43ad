import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Scope } from '@pokers/protocol/accounts';
import type { UserView } from '@pokers/protocol/http';
import { SESSION_QUERIES, type SignedInRow } from '../store/account-queries.ts';
import { goodKeys } from '../store/good-keys.ts';
import type { Records } from '../store/records.ts';
import { type Reads, type Soon, soon } from '../store/statement.ts';
import { ALL_SCOPES, scopesIn } from './scopes.ts';
import { isApiToken, tokenHash } from './token-text.ts';

/** The account library's cookie; with the prefix where it was set over TLS. */
const COOKIE = /(?:^|;\s*)(?:__Secure-)?pokers\.session_token=([^;]+)/;

/** What lets someone in: a sign-in of theirs (`session`), or an API token that they made for a program (`token`). */
export interface SessionKey {
  readonly kind: 'session' | 'token';
  readonly id: number;
}

/** A session or token that is still good, whose it is, and what it may do: a session everything. */
export interface Session extends SessionKey {
  readonly user: UserView;
  readonly scopes: ReadonlySet<Scope>;
}

export interface SessionReaderOptions {
  readonly reads: Reads;
  readonly records: Pick<Records, 'db'>;
  /** What sessions are signed with. */
  readonly secret: string;
  /** Told of a token that was used, where that was last noted so long ago; in Unix seconds, null for never. */
  readonly onTokenUsed: (token: number, noted: number | null) => void;
}

/**
 * Whose session or token a request carries, in one indexed read: it is asked for at every request and every reconnect,
 * where the account library's own way costs some twenty times as much. It makes and ends sessions; this only reads them.
 */
export class SessionReader {
  readonly #options: SessionReaderOptions;

  constructor(options: SessionReaderOptions) {
    this.#options = options;
  }

  /** The session or token of the Authorization header or else the cookie, if it is a good one. */
  sessionOf(headers: Headers): Soon<Session | undefined> {
    const bearer = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
    if (bearer !== undefined) return this.sessionOfToken(bearer);
    const cookie = COOKIE.exec(headers.get('cookie') ?? '')?.[1];
    return cookie === undefined ? undefined : this.#signedSession(cookie);
  }

  /** @param text an API token, or a session's: the token, a dot, and its HMAC-SHA256 in base64; maybe percent-encoded */
  sessionOfToken(text: string): Soon<Session | undefined> {
    return isApiToken(text) ? this.#apiToken(text) : this.#signedSession(text);
  }

  /** Those that are good yet. */
  goodOf(keys: readonly SessionKey[]): Promise<ReadonlySet<SessionKey>> {
    return goodKeys(this.#options.records.db, keys, { iso: isoNow(), seconds: now() });
  }

  #signedSession(signed: string): Soon<Session | undefined> {
    const value = signed.includes('%') ? decoded(signed) : signed;
    const dot = value.lastIndexOf('.');
    const token = value.slice(0, dot);
    if (dot < 1 || !this.#isOurs(token, value.slice(dot + 1))) return undefined;
    return soon(this.#options.reads.get(SESSION_QUERIES.session, { token, now: isoNow() }), (row) =>
      row ? { kind: 'session', id: row.session, user: userOf(row), scopes: ALL_SCOPES } : undefined,
    );
  }

  #apiToken(text: string): Soon<Session | undefined> {
    const { reads, onTokenUsed } = this.#options;
    return soon(reads.get(SESSION_QUERIES.token, { hash: tokenHash(text), now: now() }), (row) => {
      if (!row) return undefined;
      onTokenUsed(row.token, row.used);
      return { kind: 'token', id: row.token, user: userOf(row), scopes: scopesIn(row.scopes) };
    });
  }

  #isOurs(token: string, signature: string): boolean {
    const expected = createHmac('sha256', this.#options.secret).update(token).digest();
    const actual = Buffer.from(signature, 'base64');
    return actual.length === expected.length && timingSafeEqual(actual, expected);
  }
}

function userOf({ id, name, email, head }: SignedInRow): UserView {
  return { id, name, email, head: head === 1 };
}

/** Times of sessions are the account library's: ISO texts, which sort as what they mean. */
function isoNow(): string {
  return new Date().toISOString();
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
