import { SCOPES, type Scope } from '@pokers/protocol/accounts';

/** What a session may do. */
export const ALL_SCOPES: ReadonlySet<Scope> = new Set(SCOPES);

/** Each set once, however many connections hold it. */
const known = new Map<string, ReadonlySet<Scope>>();

/** The scopes as a token's row holds them, with blanks between. There are few sets of them, and each is made once. */
export function scopesIn(text: string): ReadonlySet<Scope> {
  const names = text.split(' ');
  const scopes = SCOPES.filter((scope) => names.includes(scope));
  const key = scopes.join(' ');
  const set = known.get(key) ?? new Set(scopes);
  known.set(key, set);
  return set;
}
