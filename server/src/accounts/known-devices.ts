import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { now } from './account-parts.ts';
import { sign, verified } from './signed-text.ts';

const COOKIE = 'pokers.device';
const READ = /(?:^|;\s*)pokers\.device=([^;]+)/;
const PURPOSE = 'known device';
const YEAR_SECONDS = 365 * 24 * 60 * 60;

const Device = z.object({ user: z.int(), device: z.string() });

/**
 * A browser in which someone has signed in carries a cookie that says so. It opens nothing; but who comes with it is not
 * held up by those who try the same account from elsewhere, however many they are and wherever its owner goes.
 */
export class KnownDevices {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** To be set when the user has shown by their password that it is they. */
  cookieFor(user: number): string {
    const device = randomBytes(12).toString('base64url');
    const value = sign({ user, device }, now() + YEAR_SECONDS, PURPOSE, this.#secret);
    return `${COOKIE}=${value}; Path=/api/sign-in; HttpOnly; SameSite=Strict; Max-Age=${YEAR_SECONDS}`;
  }

  /** The device's own name, where the user has signed in on it. */
  nameIn(headers: Headers, user: number): string | undefined {
    const cookie = READ.exec(headers.get('cookie') ?? '')?.[1];
    if (cookie === undefined) return undefined;
    const known = Device.safeParse(verified(cookie, now(), PURPOSE, this.#secret));
    return known.success && known.data.user === user ? known.data.device : undefined;
  }
}
