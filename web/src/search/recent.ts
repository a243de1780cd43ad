import { keepPreference, readPreference } from '../preference.ts';

/** Searches that are remembered on this device, and the longest of them, in UTF-16 units. */
const KEPT = 8;
const LONGEST = 80;

/** What the reader searched for here, the last first; nobody else's who used this browser. */
export function readRecent(user: number): readonly string[] {
  try {
    const kept: unknown = JSON.parse(readPreference('searches') ?? '');
    return isKept(kept) && kept.user === user ? kept.texts.slice(0, KEPT) : [];
  } catch {
    return [];
  }
}

/** Answers the searches with this one first. */
export function keepRecent(user: number, text: string): readonly string[] {
  const trimmed = text.trim();
  const known = readRecent(user);
  if (trimmed === '' || trimmed.length > LONGEST) return known;
  return keep(user, [trimmed, ...known.filter((other) => other !== trimmed)].slice(0, KEPT));
}

export function forgetRecent(user: number): readonly string[] {
  return keep(user, []);
}

function keep(user: number, texts: readonly string[]): readonly string[] {
  keepPreference('searches', JSON.stringify({ user, texts }));
  return texts;
}

function isKept(value: unknown): value is { user: number; texts: string[] } {
  if (typeof value !== 'object' || value === null) return false;
  const { user, texts } = value as Record<string, unknown>;
  return typeof user === 'number' && Array.isArray(texts) && texts.every((text) => typeof text === 'string');
}
