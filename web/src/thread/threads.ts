import type { ThreadView } from '@pokers/protocol/classes';
import type { PokersClient } from '@pokers/sdk';
import type { InjectionKey } from 'vue';
import { createListing, type Listing } from '../listing.ts';
import { provided } from '../provided.ts';
import { setUnread, unreadThreads } from '../unread/unread.ts';

/** The threads of the classes that were opened. They stay known, so that going back shows them at once. */
export interface Threads {
  of(classId: number): Listing<ThreadView>;
  create(classId: number, name: string): Promise<ThreadView>;
  /** Something was said in a thread at this time (Unix seconds): the list shows it without asking the server. */
  spoken(classId: number, threadId: number, date: number): void;
  /** The last message that the reader has read, as far as it is known; waits for a list that is being loaded. */
  lastRead(classId: number, threadId: number): Promise<number | undefined>;
  /** The reader has read a thread up to this message, and so many are still unread. */
  read(classId: number, threadId: number, message: number, unread: number): void;
}

export const threadsKey: InjectionKey<Threads> = Symbol('threads');
export const useThreads = (): Threads => provided(threadsKey);

export function createThreads(client: PokersClient): Threads {
  const listings = new Map<number, Listing<ThreadView>>();

  function of(classId: number): Listing<ThreadView> {
    const listing = listings.get(classId) ?? createListing(() => client.http.threads(classId));
    listings.set(classId, listing);
    return listing;
  }

  function change(classId: number, threadId: number, to: (thread: ThreadView) => ThreadView): void {
    const { items } = of(classId);
    items.value = items.value?.map((thread) => (thread.id === threadId ? to(thread) : thread));
  }

  return {
    of,
    async create(classId, name) {
      const thread = await client.http.createThread(classId, { name });
      const { items } = of(classId);
      items.value = [...(items.value ?? []).filter(({ id }) => id !== thread.id), thread];
      return thread;
    },
    spoken(classId, threadId, date) {
      change(classId, threadId, (thread) => (date > (thread.last ?? 0) ? { ...thread, last: date } : thread));
    },
    async lastRead(classId, threadId) {
      const { items, ready } = of(classId);
      await ready();
      return items.value?.find(({ id }) => id === threadId)?.read;
    },
    read(classId, threadId, message, unread) {
      const known = unreadThreads.value.get(threadId);
      if (known) setUnread(threadId, { ...known, unread, mentions: Math.min(known.mentions, unread) });
      change(classId, threadId, (thread) =>
        message > (thread.read ?? 0) ? { ...thread, read: message, unread } : thread,
      );
    },
  };
}

/** Pinned ones come first, then those where something happened last; archived ones come last. */
export function latestFirst(threads: readonly ThreadView[]): ThreadView[] {
  const rank = ({ pinned, archived }: ThreadView): number =>
    archived !== undefined ? 0 : pinned !== undefined ? 2 : 1;
  return [...threads].sort(
    (a, b) => rank(b) - rank(a) || (b.last ?? b.date) - (a.last ?? a.date) || b.id - a.id,
  );
}
