import { Secret, TOTP } from 'otpauth';
import type { Person } from '../actors/people.ts';
import { request } from '../actors/people.ts';

/** What the API answers: the status, and the body's fields. */
export async function answerTo(...args: Parameters<typeof request>) {
  const response = await request(...args);
  const body = (await response.json()) as Record<string, unknown> & { error?: string };
  return { status: response.status, error: body.error, body, headers: response.headers };
}

/** What an authenticator app shows, so many half minutes from now. */
export function codeOf(secret: string, steps = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });
}

/** The same person, speaking by another session or token. */
export function by(person: Person, token: string): Person {
  return { ...person, token };
}
