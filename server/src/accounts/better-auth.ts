import { LIMITS } from '@pokers/protocol/limits';
import { betterAuth } from 'better-auth';
import { bearer } from 'better-auth/plugins';
import type { Kysely } from 'kysely';
import type { Passwords } from './password.ts';

const DAY_SECONDS = 24 * 60 * 60;

export interface AuthOptions {
  /** Statements must be durable when their promise resolves. */
  readonly db: Kysely<unknown>;
  /** What sessions are signed with. */
  readonly secret: string;
  readonly passwords: Passwords;
  readonly onLog: (level: 'warn' | 'error', message: string) => void;
}

export type Auth = ReturnType<typeof betterAuthFor>;

/** The account library on our tables. Only its functions are called; its own HTTP routes are not served. */
export function betterAuthFor({ db, secret, passwords, onLog }: AuthOptions) {
  return betterAuth({
    database: { db, type: 'sqlite' },
    secret,
    // Only written into e-mails and redirects, which there are none of yet.
    baseURL: 'http://localhost',
    telemetry: { enabled: false },
    logger: {
      level: 'error',
      log: (level, message) => {
        if (level === 'warn' || level === 'error') onLog(level, message);
      },
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: LIMITS.passwordMinChars,
      maxPasswordLength: LIMITS.passwordMaxChars,
      password: {
        hash: (password) => passwords.hash(password),
        verify: ({ password, hash }) => passwords.verify(password, hash),
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
    advanced: { cookiePrefix: 'pokers', database: { generateId: 'serial' } },
    plugins: [bearer()],
  });
}
