import { wipe } from '../src/offline/kept.ts';

declare const self: ServiceWorkerGlobalScope;

/** Whoever was signed in is not any more: nothing of theirs is shown to the next. */
export async function forgetPerson(): Promise<void> {
  await wipe();
  const [shown, subscription] = await Promise.all([
    self.registration.getNotifications(),
    self.registration.pushManager?.getSubscription().catch(() => undefined),
  ]);
  for (const notification of shown) notification.close();
  await subscription?.unsubscribe().catch(() => undefined);
}
