import { answerAsk, keepAnswer } from './asks.ts';
import { clicked, pushed } from './notices.ts';
import { sendOutbox } from './outbox.ts';
import { answerPage } from './page.ts';
import { answerAsset, isAsset, isPage, keepShell, letGoOfOld } from './shell.ts';
import { renewSubscription } from './subscription.ts';

/**
 * The service worker: opens the client without a line, asks the server for nothing that is held, keeps what was last
 * read, and shows notifications.
 */
declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(letGoOfOld().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/api/')) answerAsk(event, url);
  else if (request.method !== 'GET') return;
  else if (isPage(request, url)) event.respondWith(answerPage(request, url));
  else if (isAsset(url)) event.respondWith(answerAsset(request));
});

/** A page that began before there was a worker says what it has loaded. Assets come out of the browser's own cache. */
self.addEventListener('message', (event) => {
  const { loaded } = event.data ?? {};
  if (Array.isArray(loaded)) event.waitUntil(Promise.all(loaded.map(keepLoaded)));
});

self.addEventListener('push', (event) => event.waitUntil(pushed(event.data)));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(clicked(event.notification));
});

/** Not in every library of types. */
self.addEventListener('pushsubscriptionchange' as 'message', (event) => {
  event.waitUntil(renewSubscription());
});

/** Background Sync, where there is: not in every library of types. */
self.addEventListener('sync' as 'message', (event) => {
  event.waitUntil(sendOutbox());
});

async function keepLoaded(name: unknown): Promise<void> {
  const url = new URL(String(name), self.location.origin);
  if (url.origin !== self.location.origin) return;
  const request = new Request(url);
  const keeping = isAsset(url) ? answerAsset(request) : keepAnswer(request, url);
  await keeping.catch(() => undefined);
}
