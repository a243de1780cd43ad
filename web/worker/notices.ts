declare const self: ServiceWorkerGlobalScope & {
  readonly navigator: { readonly setAppBadge?: () => Promise<void> };
};

/** As the server writes it: `Notice` of server/src/push. */
interface Notice {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly path: string;
}

/** A message came. Who looks at its thread has seen it. */
export async function pushed(data: PushMessageData | null): Promise<void> {
  const notice = data?.json() as Notice | undefined;
  if (!notice || (await pages()).some((page) => page.focused && isAt(page, notice.path))) return;
  const { title, body, tag, path } = notice;
  await self.navigator.setAppBadge?.().catch(() => undefined);
  await self.registration.showNotification(title, {
    body,
    tag,
    data: path,
    icon: '/icon-192.png',
    badge: '/icon-badge.png',
  });
}

/** Opens the thread in a page that is open, else in a new one. */
export async function clicked({ data: path }: Notification): Promise<void> {
  const open = await pages();
  const page = open.find((each) => isAt(each, path)) ?? open[0];
  if (!page) return void (await self.clients.openWindow(path));
  // The browser lets a page come to the front after a click only.
  const shown = await page.focus().catch(() => page);
  if (!isAt(shown, path)) shown.postMessage({ go: path });
}

function pages(): Promise<readonly WindowClient[]> {
  return self.clients.matchAll({ type: 'window' });
}

function isAt(page: WindowClient, path: string): boolean {
  return new URL(page.url).pathname === path;
}
