import type { ChatMessage } from '@pokers/sdk';
import { watch } from 'vue';
import type { Conversation } from '../conversation/conversation.ts';
import type { Conversations } from '../conversation/conversations.ts';
import { createPulse } from '../pulse.ts';
import type { Route } from '../route/route.ts';
import type { Router } from '../route/router.ts';
import { find, forget, keep, keyOfMessages, keysOf, MESSAGES } from './kept.ts';
import { showMessages } from './show-kept.ts';

/** Messages of a thread that are kept, the newest: some screens. */
const KEPT_MESSAGES = 60;

/** Least milliseconds between two writes for a thread that is busy. */
const KEEP_MS = 1_000;

/** The newest messages of the threads that are read are kept, and shown until the server has said what they are now. */
export function keepConversations(conversations: Conversations, router: Router, user: number): void {
  let stop: (() => void) | undefined;
  const enter = ({ classId, threadId }: Route): void => {
    stop?.();
    stop = undefined;
    if (classId === undefined || threadId === undefined) return;
    const conversation = conversations.of(classId, threadId);
    const key = keyOfMessages(classId, threadId);
    void find(key).then((kept) => showMessages(conversation, kept as readonly ChatMessage[] | undefined));
    stop = follow(conversation, key, user);
  };
  watch(router.route, enter, { immediate: true });
}

/** Whoever is in a class no longer reads none of it. */
export async function forgetLeftClasses(classes: readonly { readonly id: number }[]): Promise<void> {
  const mine = new Set(classes.map(({ id }) => String(id)));
  const keys = await keysOf(MESSAGES);
  await forget(keys.filter((key) => !mine.has(key.slice(MESSAGES.length).split('/')[0] ?? '')));
}

function follow(
  { messages, opened, hasNewer, failure }: Conversation,
  key: string,
  user: number,
): () => void {
  const keeping = createPulse(KEEP_MS, () => {
    // A window further up is not where one goes on reading later.
    if (opened.value && !hasNewer.value) void keep(user, key, messages.value.slice(-KEPT_MESSAGES));
  });
  const stops = [
    watch([messages, opened], keeping.soon, { immediate: true }),
    watch(failure, (reason) => reason !== undefined && forget([key])),
  ];
  return () => {
    keeping.now();
    keeping.cancel();
    for (const stop of stops) stop();
  };
}
