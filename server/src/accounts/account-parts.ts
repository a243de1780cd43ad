import type { AccountStore } from './account-store.ts';
import type { AuditLog } from './audit-log.ts';
import type { Passwords } from './password.ts';

/** What all that deals with accounts works with. */
export interface AccountParts {
  readonly store: AccountStore;
  readonly passwords: Passwords;
  readonly audit: AuditLog;
  /** To be called when sessions or tokens of a user have ended before their time: their connections are ended too. */
  readonly onSessionsEnded: (user: number) => void;
}

/** Unix seconds. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** As the account library keeps times. */
export function isoNow(): string {
  return new Date().toISOString();
}
