import type { ChatMessage } from '@pokers/sdk';
import { type InjectionKey, type Ref, ref, type ShallowRef, shallowRef } from 'vue';
import { provided } from '../provided.ts';
import type { Deeds } from './deeds.ts';

/** Acting on the messages of the conversation that is open: what it takes before anyone does. All else is loaded then. */
export interface Acting {
  /** What can be done; undefined until it was needed, and loaded. */
  readonly deeds: Readonly<ShallowRef<Deeds | undefined>>;
  /** The message whose text is being edited in its place. */
  readonly editing: Ref<number | undefined>;
  /** Something happened in the list of messages: the pointer, the focus or a key may ask for the tools. */
  readonly handle: (event: Event) => void;
  /** The message as it will be once the server has what the reader did to it. */
  asChanged(message: ChatMessage): ChatMessage;
  /** Puts an emoji on a message, or the reader's own off. */
  toggle(message: ChatMessage, emoji: string): void;
  /** The text of the message that is edited is left as it was, or is to become this. */
  endEdit(content?: string): void;
}

export const actingKey: InjectionKey<Acting> = Symbol('acting');
export const useActing = (): Acting => provided(actingKey);

/** `load` fetches what can be done; `leave` gives the focus back to the text box. */
export function createActing(load: () => Promise<Deeds>, leave: () => void): Acting {
  const deeds = shallowRef<Deeds>();
  const editing = ref<number>();

  async function withDeeds(act: (deeds: Deeds) => void): Promise<void> {
    try {
      deeds.value ??= await load();
      act(deeds.value);
    } catch {
      // The line is down: whoever asks again tries again.
    }
  }

  return {
    deeds,
    editing,
    handle(event) {
      const list = event.currentTarget as HTMLElement;
      if (deeds.value) deeds.value.pointing.handle(list, event);
      else void withDeeds(({ pointing }) => pointing.handle(list, event));
    },
    asChanged: (message) => deeds.value?.asChanged(message) ?? message,
    toggle: (message, emoji) => void withDeeds((known) => known.toggle(message, emoji)),
    endEdit(content) {
      const message = editing.value;
      editing.value = undefined;
      deeds.value?.pointing.clear();
      leave();
      if (message !== undefined && content !== undefined)
        void withDeeds((known) => known.edit(message, content));
    },
  };
}
