import type { ThreadView } from '@pokers/protocol/classes';
import { EVERYONE } from '@pokers/protocol/message';
import type { PokersClient } from '@pokers/sdk';
import { readUnread } from '@pokers/sdk/conversation-api';
import { watch } from 'vue';
import type { Router } from '../route/router.ts';
import type { Threads } from '../thread/threads.ts';
import { setUnread, unreadThreads } from './unread.ts';

/** How long after a message comes it is looked whether it was read at once, in ms: who reads along sees no count. */
const SEEN_AT_ONCE_MS = 1_500;

export interface Counted {
  readonly client: PokersClient;
  readonly threads: Threads;
  readonly router: Router;
}

/** Keeps count of what is unread, for as long as the page lives: loaded after all that is needed at once. */
export function countUnread({ client, threads, router }: Counted, me: number): void {
  const asking = new Set<number>();

  async function load(): Promise<void> {
    const found = await readUnread(client.http).catch(() => undefined);
    if (found) unreadThreads.value = new Map(found.map(({ thread, ...unread }) => [thread, unread]));
  }

  /** Where it is not known what was read before, the server is asked. */
  async function look(thread: number): Promise<void> {
    if (asking.has(thread)) return;
    asking.add(thread);
    const view = await client.http.ask<ThreadView>('GET', `/api/threads/${thread}`).catch(() => undefined);
    asking.delete(thread);
    if (view) setUnread(thread, view);
  }

  const begin = (): void => {
    if (client.state !== 'connected') return;
    client.watch();
    void load();
  };
  client.on('state', begin);
  begin();

  client.on('news', (news) => {
    for (const { class: classId, thread, messages, mentions } of news) {
      const known = unreadThreads.value.get(thread);
      if (!known) void look(thread);
      else if (messages > known.messages)
        setUnread(thread, {
          class: classId,
          messages,
          unread: known.unread + messages - known.messages,
          mentions: known.mentions + mentions,
        });
      threads.spoken(classId, thread, Math.floor(Date.now() / 1000));
    }
  });

  client.on('seen', ({ thread, unread, mentions, message }) => {
    const known = unreadThreads.value.get(thread);
    if (!known) return unread > 0 ? void look(thread) : undefined;
    threads.read(known.class, thread, message, unread);
    setUnread(thread, { ...known, unread, mentions });
  });

  /** The thread that is open is told of by its channel: what nobody reads there, as the window is hidden, counts too. */
  watch(
    () => [router.route.value.classId, router.route.value.threadId] as const,
    ([classId, thread], _before, onCleanup) => {
      if (classId === undefined || thread === undefined) return;
      const channel = client.thread(thread);
      let timer: ReturnType<typeof setTimeout> | undefined;
      const recount = async (): Promise<void> => {
        const read = await threads.lastRead(classId, thread);
        if (read === undefined || channel.hasNewer) return;
        const fresh = channel.messages.filter(
          ({ id, speaker, deleted }) => id > read && speaker !== me && !deleted,
        );
        const mine = fresh.filter(({ mentions }) => mentions.includes(me) || mentions.includes(EVERYONE));
        const messages = unreadThreads.value.get(thread)?.messages ?? 0;
        setUnread(thread, { class: classId, messages, unread: fresh.length, mentions: mine.length });
      };
      const stop = channel.on('change', () => {
        clearTimeout(timer);
        timer = setTimeout(() => void recount(), SEEN_AT_ONCE_MS);
      });
      onCleanup(() => {
        clearTimeout(timer);
        stop();
      });
    },
    { immediate: true },
  );
}
