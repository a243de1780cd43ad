declare const self: ServiceWorkerGlobalScope;

/** The browser has ended its subscription by itself: it gets a new one, if its user is signed in still. */
export async function renewSubscription(): Promise<void> {
  const response = await fetch('/api/me/notifications');
  if (!response.ok) return;
  const { key } = (await response.json()) as { key: string };
  const { pushManager } = self.registration;
  // The text itself is taken, too, by all browsers that have service workers and this event.
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  const language = /^zh\b/i.test(self.navigator.language) ? 'zh-CN' : 'en';
  await fetch('/api/me/push-subscription', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint, keys, language }),
  });
}
