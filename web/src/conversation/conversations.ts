import type { ChatMessage, PokersClient } from '@pokers/sdk';
import type { InjectionKey } from 'vue';
import type { Newcomers } from '../classroom/newcomers.ts';
import { provided } from '../provided.ts';
import type { Threads } from '../thread/threads.ts';
import { type Conversation, createConversation } from './conversation.ts';
import { createDrafts, type Drafts } from './drafts.ts';

/** The conversations that were opened since the page was loaded, with their drafts. */
export interface Conversations {
  of(classId: number, threadId: number): Conversation;
  /** Whether something was written that the server does not have. */
  hasUnsent(): boolean;
  /** Gives it up, and lets the page go without a question; not before it is forgotten on disk, too. */
  forgetUnsent(): Promise<void>;
}

export const conversationsKey: InjectionKey<Conversations> = Symbol('conversations');
export const useConversations = (): Conversations => provided(conversationsKey);

/** `me` answers who is signed in. The page asks before it goes while something would be lost with it. */
export function createConversations(
  client: PokersClient,
  threads: Threads,
  newcomers: Newcomers,
  me: () => number,
  page: Window,
): Conversations {
  const known = new Map<number, Conversation>();
  let drafts: Drafts | undefined;
  const ownDrafts = (): Drafts => (drafts ??= createDrafts(me(), page));
  const hasRefused = (): boolean => [...known.values()].some((conversation) => conversation.hasRefused());

  page.addEventListener('beforeunload', (event) => {
    if (hasRefused() || client.outbox.entries().some((entry) => !entry.kept)) event.preventDefault();
  });

  return {
    of(classId, threadId) {
      const conversation =
        known.get(threadId) ??
        createConversation(client, threadId, me(), ownDrafts().of(threadId), {
          spoken: (date) => threads.spoken(classId, threadId, date),
          lastRead: () => threads.lastRead(classId, threadId),
          read: (message, unread) => threads.read(classId, threadId, message, unread),
          met: (messages) => newcomers.met(classId, speakersOf(messages)),
          heard: (messages) => newcomers.heard(classId, speakersOf(messages)),
        });
      known.set(threadId, conversation);
      return conversation;
    },
    hasUnsent: () => hasRefused() || client.outbox.entries().length > 0 || ownDrafts().any(),
    forgetUnsent() {
      known.clear();
      ownDrafts().forget();
      for (const { id } of client.outbox.entries()) client.outbox.discard(id);
      return client.outbox.saved();
    },
  };
}

function speakersOf(messages: readonly ChatMessage[]): number[] {
  return messages.map(({ speaker }) => speaker);
}
