import { createHash, randomBytes } from 'node:crypto';

/** By this a token is told from a session, and found by whoever looks for secrets that leaked. */
const PREFIX = 'pkr_';

/** A new API token: 256 bits that nobody can guess, so a fast hash of it is enough to keep. */
export function newApiToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

export function isApiToken(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** SHA-256 in hex: what is kept of a token, a link or a recovery code. */
export function tokenHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
