import { betterAuth } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { bearer } from 'better-auth/plugins/bearer';
import type { Kysely } from 'kysely';
import { z } from 'zod';

const DAY_SECONDS = 24 * 60 * 60;

export interface AuthOptions {
  /** Statements must be durable when their promise resolves. */
  readonly db: Kysely<unknown>;
  /** What sessions are signed with. */
  readonly secret: string;
  readonly onLog: (level: 'warn' | 'error', message: string) => void;
}

export type Auth = ReturnType<typeof betterAuthFor>;

/**
 * The account library on our tables: it makes, prolongs and ends sessions. Only its functions are called; its own HTTP
 * routes are not served.
 */
export function betterAuthFor({ db, secret, onLog }: AuthOptions) {
  return betterAuth({
    // On PostgreSQL too: flags are 0 and 1 and dates ISO texts there as well, so that the tables are the same.
    database: { db, type: 'sqlite' },
    secret,
    // Only written into the library's own e-mails and redirects, which are not used.
    baseURL: 'http://localhost',
    telemetry: { enabled: false },
    logger: {
      level: 'error',
      log: (level, message) => {
        if (level === 'warn' || level === 'error') onLog(level, message);
      },
    },
    session: {
      modelName: 'sessions',
      expiresIn: 30 * DAY_SECONDS,
      updateAge: DAY_SECONDS,
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    user: {
      modelName: 'users',
      additionalFields: { head: { type: 'boolean', input: false, defaultValue: false } },
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    account: {
      modelName: 'accounts',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    advanced: {
      cookiePrefix: 'pokers',
      // The cookie's name stays the same with TLS and without; the HTTP door adds `Secure`.
      useSecureCookies: false,
      database: { generateId: 'serial' },
    },
    plugins: [bearer(), sessionOpener],
  });
}

/** Makes a session for someone of whom we have made sure by other means, and its cookie. */
const sessionOpener = {
  id: 'session-opener',
  endpoints: {
    openSession: createAuthEndpoint.serverOnly(
      { method: 'POST', body: z.object({ user: z.string(), ipAddress: z.string(), userAgent: z.string() }) },
      async (ctx) => {
        const { user: id, ipAddress, userAgent } = ctx.body;
        const { internalAdapter } = ctx.context;
        const user = await internalAdapter.findUserById(id);
        if (!user) throw new Error(`there is no user ${id} to make a session for`);
        const session = await internalAdapter.createSession(id, false, { ipAddress, userAgent });
        await setSessionCookie(ctx, { session, user });
        return ctx.json({ session: session.id });
      },
    ),
  },
};
