import { watchEffect } from 'vue';
import { totalUnread } from './unread.ts';

const NAME = 'Pokers';
/** More than this is only said to be more. */
const MOST = 99;

/** What is unread, in the window's title and icon, where it is seen while another one is in front. */
export function markWindow(page: Document): void {
  const icon = page.querySelector<HTMLLinkElement>('link[rel=icon]');
  watchEffect(() => {
    const { unread, mentions } = totalUnread();
    page.title = titleOf(unread, mentions);
    const href = `/favicon${mentions > 0 ? '-mention' : unread > 0 ? '-unread' : ''}.svg`;
    if (icon && icon.getAttribute('href') !== href) icon.href = href;
  });
}

/** Mentions alone where there are any: they are meant for the reader. */
export function titleOf(unread: number, mentions: number): string {
  if (mentions > 0) return `(@${atMost(mentions)}) ${NAME}`;
  return unread > 0 ? `(${atMost(unread)}) ${NAME}` : NAME;
}

export function atMost(count: number): string {
  return count > MOST ? `${MOST}+` : String(count);
}
