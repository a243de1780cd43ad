import type { Database, Statement } from 'bun:sqlite';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { UserView } from '@pokers/protocol/http';

/** The account library's cookie; with the prefix where it was set over TLS. */
const COOKIE = /(?:^|;\s*)(?:__Secure-)?pokers\.session_token=([^;]+)/;

/** A session that is still good, and whose it is. */
export interface Session {
  readonly id: number;
  readonly user: UserView;
}

interface SessionRow {
  readonly session: number;
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly head: 0 | 1;
  readonly expires_at: string;
}

/**
 * Whose session a request carries, in one indexed read: it is asked for at every request and every reconnect, where the
 * account library's own way costs some twenty times as much. It makes and ends the sessions; this only reads them.
 */
export class SessionReader {
  readonly #secret: string;
  readonly #find: Statement<SessionRow, [string]>;
  readonly #expiry: Statement<Pick<SessionRow, 'expires_at'>, [number]>;

  constructor(db: Database, secret: string) {
    this.#secret = secret;
    this.#find = db.query(
      `select s.id as session, u.id, u.name, u.email, u.head, s.expires_at
       from sessions s join users u on u.id = s.user_id where s.token = ?`,
    );
    this.#expiry = db.query('select expires_at from sessions where id = ?');
  }

  /** The session of the bearer token or else the cookie, if it is a valid one. */
  sessionOf(headers: Headers): Session | undefined {
    const bearer = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
    if (bearer !== undefined) return this.sessionOfToken(bearer);
    const cookie = COOKIE.exec(headers.get('cookie') ?? '')?.[1];
    return cookie === undefined ? undefined : this.sessionOfToken(cookie);
  }

  /** @param signed the token, a dot, and its HMAC-SHA256 in base64; maybe percent-encoded, as in a cookie */
  sessionOfToken(signed: string): Session | undefined {
    const value = signed.includes('%') ? decoded(signed) : signed;
    const dot = value.lastIndexOf('.');
    if (dot < 1 || !this.#isOurs(value.slice(0, dot), value.slice(dot + 1))) return undefined;
    const row = this.#find.get(value.slice(0, dot));
    if (!row || Date.parse(row.expires_at) <= Date.now()) return undefined;
    const { session, id, name, email, head } = row;
    return { id: session, user: { id, name, email, head: head === 1 } };
  }

  isGood(session: number): boolean {
    const row = this.#expiry.get(session);
    return row !== null && Date.parse(row.expires_at) > Date.now();
  }

  #isOurs(token: string, signature: string): boolean {
    const expected = createHmac('sha256', this.#secret).update(token).digest();
    const actual = Buffer.from(signature, 'base64');
    return actual.length === expected.length && timingSafeEqual(actual, expected);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
