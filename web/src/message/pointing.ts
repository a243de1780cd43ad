import { type ShallowRef, shallowRef } from 'vue';
import { isComposing } from '../conversation/send-key.ts';

/** A message, and what of it is in the list. */
export interface Pointed {
  readonly id: number;
  readonly element: HTMLElement;
}

/** At which message of a list the pointer, a finger or the focus is: its tools are shown. */
export interface Pointing {
  readonly at: Readonly<ShallowRef<Pointed | undefined>>;
  clear(): void;
  /** Any of pointerover, pointerleave, focusin, focusout, click, contextmenu and keydown in the list. */
  handle(list: HTMLElement, event: Event): void;
}

const MESSAGE = '[data-message-id]';

/** `leave` gives the focus back to the text box. */
export function createPointing(leave: () => void): Pointing {
  const at = shallowRef<Pointed>();
  let pointer = 'mouse';

  function point(element: HTMLElement | undefined): void {
    if (element !== at.value?.element)
      at.value = element && { id: Number(element.dataset.messageId), element };
  }

  function handle(list: HTMLElement, event: Event): void {
    // Keys that were pressed while this was loaded come late, and go to where the ones before them went.
    const isKey = event.type === 'keydown' && list.contains(document.activeElement);
    const target = (isKey ? document.activeElement : event.target) as HTMLElement;
    const message = target.closest<HTMLElement>(MESSAGE) ?? undefined;
    switch (event.type) {
      case 'pointerover':
        pointer = (event as PointerEvent).pointerType;
        if (pointer === 'mouse') point(message);
        return;
      case 'pointerleave':
        if (!at.value?.element.contains(document.activeElement)) point(undefined);
        return;
      case 'focusin':
        rove(list, message ?? lastInSight(list));
        // Not for what a finger or a click happens to focus.
        if (message && target.matches(':focus-visible')) point(message);
        return;
      case 'focusout':
        if (isElsewhere(list, (event as FocusEvent).relatedTarget)) point(undefined);
        return;
      case 'click':
      case 'contextmenu':
        return touched(event, message);
      case 'keydown':
        return pressed(list, event as KeyboardEvent, target, message);
    }
  }

  /** A finger has no hover: a tap shows the tools and takes them away, a long press shows them. */
  function touched(event: Event, message: HTMLElement | undefined): void {
    if (pointer === 'mouse' || !message || isControl(event.target as HTMLElement)) return;
    if (event.type === 'contextmenu') event.preventDefault();
    else if (message === at.value?.element) return point(undefined);
    point(message);
  }

  /** Enter goes from the list into it, arrows go from message to message, Enter goes to the tools, Escape back. */
  function pressed(
    list: HTMLElement,
    event: KeyboardEvent,
    target: HTMLElement,
    message: HTMLElement | undefined,
  ): void {
    const { key } = event;
    if (isComposing(event) || target instanceof HTMLTextAreaElement) return;
    if (key === 'Escape' && at.value) {
      point(undefined);
      leave();
    } else if (key === 'Enter' && target === message) toolsOf(message)?.focus();
    else if (key === 'Enter' && !message) lastInSight(list)?.focus();
    else if (key === 'ArrowUp' && message) beside(list, message, -1)?.focus();
    else if (key === 'ArrowDown' && message) beside(list, message, 1)?.focus();
    else return;
    event.preventDefault();
  }

  return { at, clear: () => point(undefined), handle };
}

/** One message is on the way of the Tab key: the one that was last at, or the last in sight. */
function rove(list: HTMLElement, to: HTMLElement | undefined): void {
  for (const other of list.querySelectorAll<HTMLElement>(`${MESSAGE}[tabindex="0"]`)) other.tabIndex = -1;
  if (to) to.tabIndex = 0;
}

/** Whether the focus left the list for something else on the page; a window that opened over it gives it back. */
function isElsewhere(list: HTMLElement, to: EventTarget | null): boolean {
  return (
    to instanceof Element && !list.contains(to) && to.closest('dialog') === null && !list.matches(':hover')
  );
}

/** What has a use of its own. */
function isControl(target: HTMLElement): boolean {
  return target.closest('a, button, textarea, summary') !== null;
}

function toolsOf(message: HTMLElement): HTMLElement | null {
  return message.querySelector('[data-tools] button');
}

function beside(list: HTMLElement, message: HTMLElement, by: number): HTMLElement | undefined {
  const all = [...list.querySelectorAll<HTMLElement>(MESSAGE)];
  return all[all.indexOf(message) + by];
}

function lastInSight(list: HTMLElement): HTMLElement | undefined {
  const { bottom } = list.getBoundingClientRect();
  const all = [...list.querySelectorAll<HTMLElement>(MESSAGE)];
  return all.reverse().find((message) => message.getBoundingClientRect().top < bottom);
}
