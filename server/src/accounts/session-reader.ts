import type { Database, Statement } from 'bun:sqlite';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Scope } from '@pokers/protocol/accounts';
import type { UserView } from '@pokers/protocol/http';
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

interface UserRow {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly head: 0 | 1;
}

interface SessionRow extends UserRow {
  readonly session: number;
}

interface TokenRow extends UserRow {
  readonly token: number;
  readonly scopes: string;
  readonly used: number | null;
}

export interface SessionReaderOptions {
  /** A connection that reads the database. */
  readonly reader: Database;
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
  readonly #secret: string;
  readonly #onTokenUsed: SessionReaderOptions['onTokenUsed'];
  readonly #session: Statement<SessionRow, [string, string]>;
  readonly #token: Statement<TokenRow, [string, number]>;
  readonly #isSessionGood: Statement<unknown, [number, string]>;
  readonly #isTokenGood: Statement<unknown, [number, number]>;

  constructor({ reader, secret, onTokenUsed }: SessionReaderOptions) {
    this.#secret = secret;
    this.#onTokenUsed = onTokenUsed;
    this.#session = reader.query(
      `select s.id as session, u.id, u.name, u.email, u.head from sessions s join users u on u.id = s.user_id
       where s.token = ? and s.expires_at > ? and u.disabled is null`,
    );
    this.#token = reader.query(
      `select t.id as token, t.scopes, t.used, u.id, u.name, u.email, u.head
       from tokens t join users u on u.id = t.user_id
       where t.hash = ? and (t.expires is null or t.expires > ?) and u.disabled is null`,
    );
    this.#isSessionGood = reader.query(
      `select 1 from sessions s join users u on u.id = s.user_id
       where s.id = ? and s.expires_at > ? and u.disabled is null`,
    );
    this.#isTokenGood = reader.query(
      `select 1 from tokens t join users u on u.id = t.user_id
       where t.id = ? and (t.expires is null or t.expires > ?) and u.disabled is null`,
    );
  }

  /** The session or token of the Authorization header or else the cookie, if it is a good one. */
  sessionOf(headers: Headers): Session | undefined {
    const bearer = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
    if (bearer !== undefined) return this.sessionOfToken(bearer);
    const cookie = COOKIE.exec(headers.get('cookie') ?? '')?.[1];
    return cookie === undefined ? undefined : this.#signedSession(cookie);
  }

  /** @param text an API token, or a session's: the token, a dot, and its HMAC-SHA256 in base64; maybe percent-encoded */
  sessionOfToken(text: string): Session | undefined {
    return isApiToken(text) ? this.#apiToken(text) : this.#signedSession(text);
  }

  isGood({ kind, id }: SessionKey): boolean {
    const row = kind === 'session' ? this.#isSessionGood.get(id, isoNow()) : this.#isTokenGood.get(id, now());
    return row !== null;
  }

  #signedSession(signed: string): Session | undefined {
    const value = signed.includes('%') ? decoded(signed) : signed;
    const dot = value.lastIndexOf('.');
    if (dot < 1 || !this.#isOurs(value.slice(0, dot), value.slice(dot + 1))) return undefined;
    const row = this.#session.get(value.slice(0, dot), isoNow());
    return row ? { kind: 'session', id: row.session, user: userOf(row), scopes: ALL_SCOPES } : undefined;
  }

  #apiToken(text: string): Session | undefined {
    const row = this.#token.get(tokenHash(text), now());
    if (!row) return undefined;
    this.#onTokenUsed(row.token, row.used);
    return { kind: 'token', id: row.token, user: userOf(row), scopes: scopesIn(row.scopes) };
  }

  #isOurs(token: string, signature: string): boolean {
    const expected = createHmac('sha256', this.#secret).update(token).digest();
    const actual = Buffer.from(signature, 'base64');
    return actual.length === expected.length && timingSafeEqual(actual, expected);
  }
}

function userOf({ id, name, email, head }: UserRow): UserView {
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
