import type { NotificationApi } from './notifications.ts';

/**
 * Whether this browser can be notified. `insecure`: on https pages only. `install`: an iPhone, where only what was put on
 * the home screen can. `missing`: it cannot. `denied`: its user has forbidden it.
 */
export type Ability = 'able' | 'insecure' | 'install' | 'missing' | 'denied';

export function abilityOf(page: Window): Ability {
  if (!page.isSecureContext) return 'insecure';
  if (!('PushManager' in page) || !('Notification' in page) || !('serviceWorker' in page.navigator))
    return /iPhone|iPad/.test(page.navigator.userAgent) ? 'install' : 'missing';
  return Notification.permission === 'denied' ? 'denied' : 'able';
}

/**
 * Asks the browser's user, which only a click may lead to, and subscribes with the server's key.
 * @returns false where the user said no
 * @throws PushUnavailable
 */
export async function switchOn(
  api: NotificationApi,
  key: string,
  language: 'en' | 'zh-CN',
): Promise<boolean> {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(key) };
  let subscription: PushSubscription;
  try {
    subscription = await pushManager.subscribe(options);
  } catch (cause) {
    // Another server of before had another key.
    await (await pushManager.getSubscription())?.unsubscribe();
    subscription = await pushManager.subscribe(options).catch(() => {
      throw new PushUnavailable('The browser has no push service.', { cause });
    });
  }
  await api.subscribe(subscription.toJSON(), language);
  return true;
}

export async function switchOff(api: NotificationApi): Promise<void> {
  await api.unsubscribe();
  const registration = await navigator.serviceWorker.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

/** Whether the browser still has the subscription that the server knows. */
export async function isSubscribed(): Promise<boolean> {
  const registration = await navigator.serviceWorker?.getRegistration();
  return (await registration?.pushManager?.getSubscription()) != null;
}

/** The push service of the browser's maker cannot be reached, as in some countries and networks. */
export class PushUnavailable extends Error {}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
