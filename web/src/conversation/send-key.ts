import { keepPreference, readPreference } from '../preference.ts';

/** What Safari says of the Enter that ends a composition. */
const COMPOSING_KEY = 229;

/** The key that sends. The other one makes a new line. Ctrl+Enter (⌘+Enter) sends in either case. */
export type SendKey = 'enter' | 'ctrl';

export function readSendKey(): SendKey {
  return readPreference('send') === 'ctrl' ? 'ctrl' : 'enter';
}

export function keepSendKey(key: SendKey): void {
  keepPreference('send', key);
}

/** Whether an input method composes: its keys are its own. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === COMPOSING_KEY;
}

/** Whether this Enter sends what was written. */
export function isSending(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' || isComposing(event)) return false;
  return event.ctrlKey || event.metaKey || (!event.shiftKey && readSendKey() === 'enter');
}
