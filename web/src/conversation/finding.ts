import { nextTick, onUnmounted, type Ref, ref, type ShallowRef } from 'vue';
import type { Conversation } from './conversation.ts';
import type { Follow } from './follow.ts';

/** So long a message that the reader was led to stands out. */
const STANDS_OUT_MS = 2_500;

/** Where in the list, from above, what the reader is led to comes to stand. */
const SHARE = 0.25;

export interface Finding {
  /** The message that the reader was just led to. */
  readonly found: Readonly<Ref<number | undefined>>;
  /** Leads to a message, which is loaded if need be. Rejects with `message_not_found`, and while there is no line. */
  find(message: number): Promise<void>;
  /** Leads to the first message of this time (Unix s) or later. Rejects while there is no line. */
  findDate(date: number): Promise<void>;
}

/** Leads the reader to places in the conversation. For the component with the rows. */
export function useFinding(
  conversation: Conversation,
  content: Readonly<ShallowRef<HTMLElement | null>>,
  follow: Follow,
): Finding {
  const { messages } = conversation;
  const found = ref<number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  onUnmounted(() => clearTimeout(timer));

  async function lead(message: number): Promise<void> {
    await nextTick();
    const row = content.value?.querySelector<HTMLElement>(`[data-message-id="${message}"]`);
    if (!row) return;
    follow.toRow(row, SHARE);
    // For the keyboard, and so that it is read out.
    row.focus({ preventScroll: true });
    found.value = message;
    clearTimeout(timer);
    timer = setTimeout(() => {
      found.value = undefined;
    }, STANDS_OUT_MS);
  }

  return {
    found,
    async find(message) {
      if (!messages.value.some(({ id }) => id === message)) await conversation.show({ around: message });
      await lead(message);
    },
    async findDate(date) {
      await conversation.show({ date });
      const first = messages.value.find((message) => message.date >= date) ?? messages.value.at(-1);
      if (first) await lead(first.id);
    },
  };
}
