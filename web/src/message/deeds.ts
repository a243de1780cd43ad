import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { CommandName } from '@pokers/protocol/rights';
import type { ChatMessage, PokersClient } from '@pokers/sdk';
import { listStars, starMessage } from '@pokers/sdk/conversation-api';
import { type Component, computed, type Ref, type ShallowRef, shallowRef } from 'vue';
import { mayOnMessage } from '../classroom/may.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { type Change, type ChangeEntry, isChange, withChanges } from './changes.ts';
import EditBox from './EditBox.vue';
import { createPointing, type Pointing } from './pointing.ts';

/** A window over the conversation, for what takes more than a press. */
export type MessageDialog =
  | { readonly kind: 'menu' | 'react' | 'delete' | 'who' | 'readers'; readonly message: ChatMessage }
  | { readonly kind: 'pins' };

/** What can be done to the messages of a conversation. */
export interface Deeds {
  readonly pointing: Pointing;
  readonly dialog: ShallowRef<MessageDialog | undefined>;
  /** Whether the reader may do this to the message: what would be refused is not offered. */
  may(command: CommandName, message: ChatMessage): boolean;
  /** See `Acting`. */
  asChanged(message: ChatMessage): ChatMessage;
  /** As it is now; undefined where it is not loaded. */
  find(message: number): ChatMessage | undefined;
  /** The reader's last message of those that are loaded and have a text. */
  lastOwn(): number | undefined;
  /** Where it may not be done, nothing happens. */
  toggle(message: ChatMessage, emoji: string): void;
  /** Shows the text of a message, to be written anew: it is there also where the line breaks before anyone does. */
  readonly editBox: Component;
  edit(message: number, content: string, mentions?: readonly number[]): void;
  delete(message: number): void;
  pin(message: number, on: boolean): void;
  /** Whether the message is known to be starred, for oneself. */
  isStarred(message: number): boolean;
  star(message: number, on: boolean): void;
  /** Whether who has read the message can be asked. */
  hasReaders(message: ChatMessage): boolean;
  /** Changes that the server refused. They wait to be tried again or given up. */
  readonly refused: Readonly<Ref<readonly ChangeEntry[]>>;
  /** Why the last change was not even taken, as when too many wait. */
  readonly failure: ShallowRef<unknown>;
  retry(entry: string): void;
  discard(entry: string): void;
}

export interface Place {
  readonly client: PokersClient;
  readonly conversation: Conversation;
  readonly me: number;
  classroom(): ClassView | undefined;
  thread(): ThreadView | undefined;
  /** Gives the focus back to the text box. */
  leave(): void;
}

export function createDeeds({ client, conversation, me, classroom, thread, leave }: Place): Deeds {
  const { threadId, messages } = conversation;
  const waiting = shallowRef(readOutbox());
  /** Their event has not come yet. */
  const answered = shallowRef<readonly Change[]>([]);
  const stars = shallowRef<ReadonlySet<number>>(new Set());
  const failure = shallowRef<unknown>();
  const dialog = shallowRef<MessageDialog>();

  client.outbox.on('change', () => {
    waiting.value = readOutbox();
  });
  client.outbox.on('answered', (entry, { seq }) => {
    if (entry.thread !== threadId || !isChange(entry)) return;
    answered.value = [...answered.value.filter(isAhead), { entry, seq }];
  });

  function starred(message: number, on: boolean): void {
    const kept = new Set(stars.value);
    if (on) kept.add(message);
    else kept.delete(message);
    stars.value = kept;
  }
  client.on('starred', starred);
  // The newest ones; of an older one it shows only once it is pressed that there was a star.
  listStars(client.http).then(
    (page) => {
      stars.value = new Set([...page.stars.map(({ message }) => message.id), ...stars.value]);
    },
    () => undefined,
  );

  const changes = computed(() => [
    ...answered.value,
    ...waiting.value.filter(({ status }) => status === 'pending').map((entry) => ({ entry })),
  ]);

  function readOutbox(): ChangeEntry[] {
    return client.outbox.entries(threadId).filter(isChange);
  }

  function isAhead({ entry, seq = 0 }: Change): boolean {
    return (find(entry.message)?.seq ?? seq) < seq;
  }

  function find(id: number): ChatMessage | undefined {
    return messages.value.find((message) => message.id === id);
  }

  function may(command: CommandName, message: ChatMessage): boolean {
    const classView = classroom();
    if (!classView || message.deleted) return false;
    return mayOnMessage(command, classView, thread(), message.speaker, me);
  }

  /** What fails is shown by the outbox's entry; only what got none fails here. */
  function say(saying: Promise<unknown>): void {
    failure.value = undefined;
    const entry = client.outbox.entries(threadId).at(-1)?.id;
    saying.catch((error: unknown) => {
      if (!client.outbox.entries(threadId).some(({ id }) => id === entry)) failure.value = error;
    });
  }

  const channel = () => client.thread(threadId);
  const asChanged = (message: ChatMessage): ChatMessage => withChanges(message, changes.value, me);

  return {
    pointing: createPointing(leave),
    dialog,
    may,
    asChanged,
    find,
    lastOwn: () =>
      [...messages.value]
        .reverse()
        .find(({ speaker, deleted, content }) => speaker === me && !deleted && content !== '')?.id,
    toggle(message, emoji) {
      if (!may('react', message)) return;
      const own = asChanged(find(message.id) ?? message).reactions.some(
        (reaction) => reaction.emoji === emoji && reaction.users.includes(me),
      );
      say(channel().react(message.id, emoji, !own));
    },
    editBox: EditBox,
    edit: (message, content, mentions) => say(channel().edit(message, content, mentions && { mentions })),
    delete: (message) => say(channel().delete(message)),
    pin: (message, on) => say(channel().pin(message, on)),
    isStarred: (message) => stars.value.has(message),
    async star(message, on) {
      failure.value = undefined;
      try {
        await starMessage(client.http, message, on);
        starred(message, on);
      } catch (error) {
        failure.value = error;
      }
    },
    hasReaders: (message) => thread()?.read_only !== undefined && may('see_readers', message),
    refused: computed(() => waiting.value.filter(({ status }) => status === 'failed')),
    failure,
    retry: (entry) => client.outbox.retry(entry),
    discard: (entry) => client.outbox.discard(entry),
  };
}
