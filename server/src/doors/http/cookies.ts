import type { Context } from 'hono';
import type { Env } from './http-app.ts';

/** Passes cookies on to the browser: `Secure` exactly where the request came by TLS. */
export function passCookies(c: Context<Env>, from: Headers): void {
  for (const cookie of from.getSetCookie()) {
    const plain = cookie.replace(/;\s*secure(?=;|$)/gi, '');
    c.header('set-cookie', c.env.sender.isSecure ? `${plain}; Secure` : plain, { append: true });
  }
}
