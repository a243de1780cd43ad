/**
 * Small choices that this browser keeps. A browser that stores nothing (private mode, a full disk) loses them at the
 * next load and is otherwise fine.
 */
export type PreferenceName =
  | 'language'
  | 'theme'
  | 'known'
  | 'send'
  | 'notify'
  | 'single-keys'
  | 'searches'
  | 'uploads';

export function readPreference(name: PreferenceName): string | undefined {
  try {
    return localStorage.getItem(`pokers.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keepPreference(name: PreferenceName, value: string): void {
  try {
    localStorage.setItem(`pokers.${name}`, value);
  } catch {
    // See above: nothing to do.
  }
}
