import type { NotificationsView } from '@pokers/protocol/notifications';
import { concerns, isQuiet, levelIn } from '@pokers/protocol/notify-rules';
import type { ChatMessage, PokersClient } from '@pokers/sdk';
import { readPreference } from '../preference.ts';
import { formatRoute } from '../route/route.ts';
import type { Router } from '../route/router.ts';
import type { Threads } from '../thread/threads.ts';

/** Characters of a message that are shown. */
const TEXT_CHARS = 240;

/** As the server says it. */
const HIDDEN = { en: 'A new message', 'zh-CN': '有新消息' };

export interface HiddenPageParts {
  readonly client: PokersClient;
  readonly router: Router;
  readonly threads: Threads;
  readonly user: number;
}

/**
 * Where the browser has no push service, a page that stays open tells of the thread that is open in it, and only while
 * nobody sees it. What is wanted is asked of the server each time that it is hidden.
 */
export function tellWhileHidden(document: Document, parts: HiddenPageParts): void {
  let stop: (() => void) | undefined;
  const look = (): void => {
    stop?.();
    stop = undefined;
    const { classId, threadId } = parts.router.route.value;
    const isWanted = readPreference('notify') === 'page' && Notification.permission === 'granted';
    if (document.visibilityState !== 'hidden' || !isWanted) return;
    if (classId !== undefined && threadId !== undefined) stop = follow(parts, classId, threadId);
  };
  document.addEventListener('visibilitychange', look);
  look();
}

function follow({ client, threads, user }: HiddenPageParts, classId: number, threadId: number): () => void {
  const settings = client.http.ask<NotificationsView>('GET', '/api/me/notifications');
  settings.catch(() => {});
  const channel = client.thread(threadId);
  let last = channel.messages.at(-1)?.id ?? 0;
  return channel.on('change', async (changed) => {
    const fresh = changed.filter(({ id, deleted }) => id > last && !deleted);
    last = Math.max(last, ...fresh.map(({ id }) => id));
    const wanted = await settings.catch(() => undefined);
    if (!wanted || isQuiet(wanted.quiet, Date.now())) return;
    const thread = threads.of(classId).items.value?.find(({ id }) => id === threadId);
    const level = levelIn(
      {
        threadLevel: wanted.threads.find((each) => each.thread === threadId)?.level,
        classLevel: wanted.classes.find((each) => each.class === classId)?.level,
        level: wanted.level,
      },
      thread?.read_only !== undefined,
    );
    const answers = ({ reply }: ChatMessage) => channel.messages.find(({ id }) => id === reply)?.speaker;
    const message = [...fresh].reverse().find((each) => concerns(each, answers(each), user, level));
    if (message) await show(message, classId, wanted.content ? (thread?.name ?? '') : undefined);
  });
}

/** As the service worker shows what is pushed. @param title undefined where nothing is to be said of the message */
async function show(message: ChatMessage, classId: number, title: string | undefined): Promise<void> {
  const { thread: threadId, name, content } = message;
  const registration = await navigator.serviceWorker.ready;
  await registration.showNotification(title ?? 'Pokers', {
    body:
      title === undefined
        ? HIDDEN[document.documentElement.lang === 'en' ? 'en' : 'zh-CN']
        : `${name}: ${content.slice(0, TEXT_CHARS)}`,
    tag: `thread ${threadId}`,
    data: formatRoute({ classId, threadId }),
    icon: '/icon-192.png',
    badge: '/icon-badge.png',
  });
}
