export type Shortcut =
  | 'switcher'
  | 'search'
  | 'shortcuts'
  | 'next-thread'
  | 'previous-thread'
  | 'next-unread'
  | 'previous-unread';

/** The part of a keyboard event that is looked at. */
export type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

export interface PressedWhere {
  /** On Apple's keyboards ⌘ does what Ctrl does elsewhere; Ctrl and a letter edit text there. */
  readonly mac: boolean;
  /** Whether it was pressed in a text field, to which single keys belong. */
  readonly field: boolean;
  /** Whether the reader wants shortcuts of a single key: who speaks to the computer may not. */
  readonly single: boolean;
}

/** What a key is to do, if anything. Keys that an input method composes with are not for this. */
export function shortcutOf(pressed: Pressed, { mac, field, single }: PressedWhere): Shortcut | undefined {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = pressed;
  if (altKey) {
    if (ctrlKey || metaKey) return undefined;
    if (key === 'ArrowDown') return shiftKey ? 'next-unread' : 'next-thread';
    if (key === 'ArrowUp') return shiftKey ? 'previous-unread' : 'previous-thread';
    return undefined;
  }
  if (mac ? metaKey && !ctrlKey : ctrlKey && !metaKey) {
    const letter = key.toLowerCase();
    if (letter === 'k' && !shiftKey) return 'switcher';
    if (letter === 'f' && shiftKey) return 'search';
    return letter === '/' ? 'shortcuts' : undefined;
  }
  if (ctrlKey || metaKey || field || !single) return undefined;
  // Shift is not looked at: on some keyboards a slash takes it.
  if (key === '/') return 'search';
  return key === '?' ? 'shortcuts' : undefined;
}

export function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

export const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);
