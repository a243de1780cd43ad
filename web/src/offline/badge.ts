import { watchEffect } from 'vue';
import { totalUnread } from '../unread/unread.ts';

/**
 * The mark on the installed client's icon: what is unread, mentions alone where there are any. While no page is open the
 * service worker says that there is something; whoever looks at the page sees how much.
 */
export function keepBadge(document: Document): void {
  const mark = (): void => {
    const { unread, mentions } = totalUnread();
    // Not in every browser.
    if (document.visibilityState === 'visible')
      void navigator.setAppBadge?.(mentions || unread).catch(() => {});
  };
  document.addEventListener('visibilitychange', mark);
  watchEffect(mark);
}
