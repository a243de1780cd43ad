/** Which item of a list an arrow key leads to from this one; undefined where the key is not for lists. */
export function steppedTo(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowDown') return Math.min(at + 1, count - 1);
  if (key === 'ArrowUp') return Math.max(at - 1, 0);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}

/** Lists whose items the arrow keys go through have this attribute; their items are links, buttons and summaries. */
const LIST = '[data-arrows]';
const ITEM = 'a[href], button, summary';

/** Moves the focus within the list in which it is. Answers whether the key was for that. */
export function moveInList({ key, target }: Pick<KeyboardEvent, 'key' | 'target'>): boolean {
  const item = target instanceof Element ? target.closest(ITEM) : null;
  const list = item?.closest(LIST);
  if (!item || !list) return false;
  const items = [...list.querySelectorAll<HTMLElement>(ITEM)].filter(isShown);
  const to = steppedTo(key, items.indexOf(item as HTMLElement), items.length);
  if (to === undefined) return false;
  items[to]?.focus();
  return true;
}

/**
 * Moves the focus to the open item of the last list that is shown, or of the one before where it is in that.
 * Answers whether there was one.
 */
export function focusOpenItem(from: EventTarget | null): boolean {
  const lists = [...document.querySelectorAll(LIST)].filter(isShown);
  const at = lists.findIndex((list) => from instanceof Node && list.contains(from));
  for (const list of lists.slice(0, at < 0 ? undefined : at).reverse()) {
    const item = list.querySelector<HTMLElement>('[aria-current]') ?? list.querySelector<HTMLElement>(ITEM);
    if (!item) continue;
    item.focus();
    return true;
  }
  return at >= 0;
}

function isShown(element: Element): boolean {
  return element.getClientRects().length > 0;
}
