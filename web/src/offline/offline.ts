import type { PokersClient } from '@pokers/sdk';
import { watch } from 'vue';
import type { Account } from '../account/account.ts';
import type { Classes } from '../classroom/classes.ts';
import type { Conversations } from '../conversation/conversations.ts';
import { parseRoute } from '../route/route.ts';
import type { Router } from '../route/router.ts';
import type { Threads } from '../thread/threads.ts';
import { keepBadge } from './badge.ts';
import { tellWhileHidden } from './hidden-page.ts';
import { listenForInstall } from './install.ts';
import { own, wipe } from './kept.ts';
import { forgetLeftClasses, keepConversations } from './kept-conversations.ts';
import { loadAnewWhenOutdated, startWorker } from './service-worker.ts';

export interface Usable {
  readonly client: PokersClient;
  readonly account: Account;
  readonly classes: Classes;
  readonly conversations: Conversations;
  readonly router: Router;
  readonly threads: Threads;
}

export { installing } from './install.ts';

let started: Promise<void> | undefined;

/** Makes the client usable without a line for who has signed in: it is loaded after all that is needed at once. */
export function stayUsable(usable: Usable, user: number): Promise<void> {
  started ??= start(usable, user);
  return started;
}

async function start(
  { client, account, classes, threads, conversations, router }: Usable,
  user: number,
): Promise<void> {
  // Where no worker sees it: a page that was loaded past it.
  watch(account.state, (state) => state !== 'signed-in' && wipe(), { flush: 'sync' });
  keepBadge(document);
  listenForInstall(window);
  loadAnewWhenOutdated(window);
  await own(user);
  keepConversations(conversations, router, user);
  watch(classes.items, (items) => items && forgetLeftClasses(items), { immediate: true });
  tellWhileHidden(document, { client, router, threads, user });
  await startWorker(window, client, (path) => router.go(parseRoute(path)));
}
