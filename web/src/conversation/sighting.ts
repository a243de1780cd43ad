import { onMounted, onUnmounted, onUpdated, type ShallowRef } from 'vue';
import { createPulse } from '../pulse.ts';
import type { Conversation } from './conversation.ts';

/** Least milliseconds between two looks at what the reader sees. */
const LOOK_MS = 400;

/** Counts as read what the reader has before her. For the component with the rows. */
export function useSighting(
  { messages, opened, read }: Conversation,
  scroller: Readonly<ShallowRef<HTMLElement | null>>,
): void {
  const look = createPulse(LOOK_MS, () => {
    const list = scroller.value;
    if (!list || !opened.value || document.visibilityState === 'hidden') return;
    const { bottom } = list.getBoundingClientRect();
    const rows = [...list.querySelectorAll<HTMLElement>('[data-message-id]')].reverse();
    const lowest = rows.find((row) => row.getBoundingClientRect().bottom <= bottom);
    if (lowest && messages.value.length > 0) read(Number(lowest.dataset.messageId));
  });

  onMounted(() => {
    scroller.value?.addEventListener('scroll', look.soon, { passive: true });
    document.addEventListener('visibilitychange', look.soon);
    look.soon();
  });
  onUpdated(look.soon);
  onUnmounted(() => {
    look.cancel();
    document.removeEventListener('visibilitychange', look.soon);
  });
}
