import { shallowRef } from 'vue';

/** What of a thread is unread. */
export interface Unread {
  readonly class: number;
  /** How many messages the thread has, as of which this is so. */
  readonly messages: number;
  readonly unread: number;
  /** Those of the unread ones that mention the reader, or everyone. */
  readonly mentions: number;
}

/** By thread, those in which something is. One page has one reader, so there is one of these. */
export const unreadThreads = shallowRef<ReadonlyMap<number, Unread>>(new Map());

/** From now on this is so; a thread in which nothing is unread is let go. */
export function setUnread(thread: number, now: Unread): void {
  const next = new Map(unreadThreads.value);
  if (now.unread > 0) next.set(thread, now);
  else next.delete(thread);
  unreadThreads.value = next;
}

/** All of them together, or those of one class. */
export function totalUnread(classId?: number): Pick<Unread, 'unread' | 'mentions'> {
  let [unread, mentions] = [0, 0];
  for (const thread of unreadThreads.value.values()) {
    if (classId !== undefined && thread.class !== classId) continue;
    unread += thread.unread;
    mentions += thread.mentions;
  }
  return { unread, mentions };
}
