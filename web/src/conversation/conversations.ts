import type { PokersClient } from '@pokers/sdk';
import type { InjectionKey } from 'vue';
import { provided } from '../provided.ts';
import type { Threads } from '../thread/threads.ts';
import { type Conversation, createConversation } from './conversation.ts';

/** The conversations that were opened since the page was loaded, with their drafts and unsent posts. */
export interface Conversations {
  of(classId: number, threadId: number): Conversation;
  hasUnsent(): boolean;
  /** Lets the page go without a question. */
  forgetUnsent(): void;
}

export const conversationsKey: InjectionKey<Conversations> = Symbol('conversations');
export const useConversations = (): Conversations => provided(conversationsKey);

/** `me` answers who is signed in. The page asks before it goes while something is unsent. */
export function createConversations(
  client: PokersClient,
  threads: Threads,
  me: () => number,
  page: Window,
): Conversations {
  const known = new Map<number, Conversation>();
  const hasUnsent = (): boolean => [...known.values()].some((conversation) => conversation.hasUnsent());

  page.addEventListener('beforeunload', (event) => {
    if (hasUnsent()) event.preventDefault();
  });

  return {
    of(classId, threadId) {
      const conversation =
        known.get(threadId) ??
        createConversation(client, threadId, me(), (date) => threads.spoken(classId, threadId, date));
      known.set(threadId, conversation);
      return conversation;
    },
    hasUnsent,
    forgetUnsent: () => known.clear(),
  };
}
