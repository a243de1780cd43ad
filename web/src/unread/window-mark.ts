import { watchEffect } from 'vue';
import { totalUnread } from './unread.ts';

/** What stands before the title that the page has by itself. */
const MARK = /^\(@?\d+\+?\) /;

/** More than this is only said to be more. */
const MOST = 99;

/** What is unread, in the window's title and icon, where it is seen while another one is in front. */
export function markWindow(page: Document): void {
  const icon = page.querySelector<HTMLLinkElement>('link[rel=icon]');
  const title = page.querySelector('title');
  const entitle = (): void => {
    const { unread, mentions } = totalUnread();
    const marked = markOf(unread, mentions) + page.title.replace(MARK, '');
    if (page.title !== marked) page.title = marked;
  };
  // Whatever page gives the window another title keeps the mark.
  if (title) new MutationObserver(entitle).observe(title, { childList: true });
  watchEffect(() => {
    const { unread, mentions } = totalUnread();
    entitle();
    const href = `/favicon${mentions > 0 ? '-mention' : unread > 0 ? '-unread' : ''}.svg`;
    if (icon && icon.getAttribute('href') !== href) icon.href = href;
  });
}

/** Mentions alone where there are any: they are meant for the reader. */
function markOf(unread: number, mentions: number): string {
  if (mentions > 0) return `(@${atMost(mentions)}) `;
  return unread > 0 ? `(${atMost(unread)}) ` : '';
}

export function atMost(count: number): string {
  return count > MOST ? `${MOST}+` : String(count);
}
