import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { UserView } from '@pokers/protocol/http';
import type { ChatMessage } from '@pokers/sdk';
import type { Conversation } from '../conversation/conversation.ts';
import type { Usable } from './offline.ts';

/** What the service worker puts into the page, as JSON in the element of this id: what was kept for its path. */
export interface Kept {
  readonly user: UserView;
  readonly classes?: { readonly classes: readonly ClassView[] };
  readonly threads?: { readonly threads: readonly ThreadView[] };
  readonly messages?: readonly ChatMessage[];
}

/** Messages that are shown at first: a high screen of them. All others take their time. */
const FIRST_MESSAGES = 25;

/**
 * Shows what was read here last, and lets its reader write, while the server is still being asked who she is. Of
 * another's nothing is kept; where the server says that she is not signed in any more, all of it goes.
 */
export function showKept({ account, classes, threads, conversations, router }: Usable, page: Document): void {
  const text = page.getElementById('kept')?.textContent;
  if (!text) return;
  const kept: Kept = JSON.parse(text);
  const { classId, threadId } = router.route.value;
  classes.items.value = kept.classes?.classes;
  account.suppose(kept.user);
  if (classId === undefined) return;
  threads.of(classId).items.value = kept.threads?.threads;
  if (threadId !== undefined) showMessages(conversations.of(classId, threadId), kept.messages);
}

/** Until the server has said what they are now. */
export function showMessages({ messages, opened }: Conversation, kept: readonly ChatMessage[] = []): void {
  if (!opened.value && messages.value.length === 0) messages.value = kept.slice(-FIRST_MESSAGES);
}
