import type { Context } from 'hono';
import { type Caller, callerOf } from '../../accounts/caller.ts';
import type { Env } from './http-app.ts';

/** Who sent the request. */
export function callerIn(c: Context<Env>): Caller {
  return callerOf(c.env.sender.address, c.req.raw.headers);
}

/** Where people find this server: as it was told, else as whoever asks has found it. */
export function urlIn(c: Context<Env>, publicUrl: string | undefined): string {
  return publicUrl ?? `${c.env.sender.isSecure ? 'https' : 'http'}://${new URL(c.req.url).host}`;
}
