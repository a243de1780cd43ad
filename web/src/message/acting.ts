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
  /** The message that what is being written will answer. */
  readonly replying: ShallowRef<ChatMessage | undefined>;
  /** Something happened in the list of messages: the pointer, the focus or a key may ask for the tools. */
  readonly handle: (event: Event) => void;
  /** The message as it will be once the server has what the reader did to it. */
  asChanged(message: ChatMessage): ChatMessage;
  /** Puts an emoji on a message, or the reader's own off. */
  toggle(message: ChatMessage, emoji: string): void;
  /** The text of the message that is edited is left as it was, or is to become this, and to mention these: else whom it did. */
  endEdit(content?: string, mentions?: readonly number[]): void;
  /** What is written next answers this message. */
  reply(message: ChatMessage): void;
  /** The reader's own last message is edited. */
  editLast(): void;
  showPins(): void;
  /** Shows a message of the thread in its place. */
  readonly show: (message: number) => void;
  readonly classId: number;
  /** Those that are loaded. */
  readonly messages: Readonly<Ref<readonly ChatMessage[]>>;
}

export const actingKey: InjectionKey<Acting> = Symbol('acting');
export const useActing = (): Acting => provided(actingKey);

/** What acting on messages needs of the conversation. */
export interface ActingPlace {
  /** Fetches what can be done. */
  load(): Promise<Deeds>;
  /** Gives the focus back to the text box. */
  leave(): void;
  show(message: number): void;
  readonly classId: number;
  readonly messages: Readonly<Ref<readonly ChatMessage[]>>;
}

export function createActing({ load, leave, show, classId, messages }: ActingPlace): Acting {
  const deeds = shallowRef<Deeds>();
  const editing = ref<number>();
  const replying = shallowRef<ChatMessage>();

  let loading: Promise<Deeds> | undefined;

  async function withDeeds(act: (deeds: Deeds) => void): Promise<void> {
    try {
      loading ??= load();
      deeds.value = await loading;
    } catch {
      // The line is down: whoever asks again tries again.
      loading = undefined;
      return;
    }
    act(deeds.value);
  }

  return {
    deeds,
    editing,
    replying,
    show,
    classId,
    messages,
    handle(event) {
      const list = event.currentTarget as HTMLElement;
      if (deeds.value) deeds.value.pointing.handle(list, event);
      else void withDeeds(({ pointing }) => pointing.handle(list, event));
    },
    reply(message) {
      replying.value = message;
      deeds.value?.pointing.clear();
      leave();
    },
    editLast: () =>
      void withDeeds((known) => {
        editing.value = known.lastOwn();
      }),
    showPins: () =>
      void withDeeds(({ dialog }) => {
        dialog.value = { kind: 'pins' };
      }),
    asChanged: (message) => deeds.value?.asChanged(message) ?? message,
    toggle: (message, emoji) => void withDeeds((known) => known.toggle(message, emoji)),
    endEdit(content, mentions) {
      const message = editing.value;
      editing.value = undefined;
      deeds.value?.pointing.clear();
      leave();
      if (message !== undefined && content !== undefined)
        void withDeeds((known) => known.edit(message, content, mentions));
    },
  };
}
