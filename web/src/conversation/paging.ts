import { onMounted, onUpdated, type Ref, ref, type ShallowRef, shallowRef, watch } from 'vue';
import type { Conversation } from './conversation.ts';
import { firstVisible, restOf } from './follow.ts';

/** So far from either end, in CSS pixels, more messages are fetched: before the reader runs into it. */
const AHEAD_PX = 1_600;

/** Messages in the page at most. Those that are farther from the reader are let go, and loaded again. */
const MOST_MESSAGES = 240;

/** So many stay at either side of the reader, however many come at the other. */
const NEAR_MESSAGES = 60;

export interface Paging {
  readonly fetching: Readonly<Ref<boolean>>;
  /** Why the last page did not come. */
  readonly failure: Readonly<ShallowRef<unknown>>;
  retry(): void;
}

/** Loads ahead of the reader in both directions, and keeps what is loaded bounded. For the component with the rows. */
export function usePaging(
  conversation: Conversation,
  scroller: Readonly<ShallowRef<HTMLElement | null>>,
  content: Readonly<ShallowRef<HTMLElement | null>>,
  following: Readonly<Ref<boolean>>,
): Paging {
  const { messages, hasOlder, hasNewer, opened } = conversation;
  const fetching = ref(false);
  const failure = shallowRef<unknown>();

  /** The way on from here, where it is near an end and there is more. */
  function next(): (() => Promise<void>) | undefined {
    const list = scroller.value;
    if (!list || !opened.value) return undefined;
    if (hasNewer.value && restOf(list) < AHEAD_PX) return conversation.loadNewer;
    // Who follows sees a screen of the newest; there is more above only where that does not fill it.
    if (following.value && list.scrollHeight > list.clientHeight) return undefined;
    return hasOlder.value && list.scrollTop < AHEAD_PX ? conversation.loadOlder : undefined;
  }

  async function fetch(): Promise<void> {
    if (fetching.value || failure.value !== undefined) return;
    const load = next();
    if (!load) return;
    fetching.value = true;
    try {
      await load();
    } catch (error) {
      failure.value = error;
    } finally {
      fetching.value = false;
    }
  }

  function bound(): void {
    const over = messages.value.length - MOST_MESSAGES;
    if (over <= 0) return;
    const reader = following.value ? undefined : idOf(firstVisible(scroller.value, content.value));
    const above = reader === undefined ? messages.value.length : countBefore(reader);
    const below = messages.value.length - above;
    if (above > below) conversation.letGo(Math.min(over, above - NEAR_MESSAGES), 0);
    else conversation.letGo(0, Math.min(over, below - NEAR_MESSAGES));
  }

  function countBefore(id: number): number {
    const at = messages.value.findIndex((message) => message.id >= id);
    return at < 0 ? messages.value.length : at;
  }

  watch(messages, bound);
  onMounted(() => {
    scroller.value?.addEventListener('scroll', fetch, { passive: true });
    void fetch();
  });
  onUpdated(fetch);
  // A line that came back is worth another try.
  watch(opened, () => {
    failure.value = undefined;
  });

  return {
    fetching,
    failure,
    retry() {
      failure.value = undefined;
      void fetch();
    },
  };
}

/** The message of a row, or of the next that is one. */
function idOf(row: Element | undefined): number | undefined {
  for (let next: Element | null | undefined = row; next; next = next.nextElementSibling) {
    const id = next instanceof HTMLElement ? next.dataset.messageId : undefined;
    if (id !== undefined) return Number(id);
  }
  return undefined;
}
