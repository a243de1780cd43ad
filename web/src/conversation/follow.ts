import { onMounted, onUnmounted, onUpdated, type Ref, ref, type ShallowRef } from 'vue';

/** So close to the end, in CSS pixels, the reader who scrolls down has arrived there. */
const END_PX = 24;

const UPWARD_KEYS: ReadonlySet<string> = new Set(['ArrowUp', 'PageUp', 'Home']);

export interface Follow {
  /** Whether the reader is at the end, so that the list goes with what is new. */
  readonly following: Readonly<Ref<boolean>>;
  /** Whether the end is more than a screen away. */
  readonly far: Readonly<Ref<boolean>>;
  /** To the end, now and from now on. */
  toEnd(): void;
  /** To a row, so far below the upper edge as the share of the list's height says. */
  toRow(row: Element, share: number): void;
}

/**
 * Keeps a list where the reader wants it. At the end it goes with what is new, and stays there when images load or the
 * keyboard of a phone takes its room; the slightest pull upwards lets go, however busy the list is. Elsewhere what she
 * reads, or was led to, stays where it is, whatever is added above or below, or becomes higher as it is drawn. The
 * browser's own scroll anchoring is off (MessageList.vue): Safari has none. To be called by the component that renders the rows of `content`. The end is
 * only where `isNewest` says so; elsewhere more comes below.
 */
export function useFollow(
  scroller: Readonly<ShallowRef<HTMLElement | null>>,
  content: Readonly<ShallowRef<HTMLElement | null>>,
  isNewest: () => boolean,
): Follow {
  const following = ref(true);
  const far = ref(false);
  let touched = false;
  let known = { top: 0, height: 0, room: 0 };
  /** The row that stays where it is, and where in the content it was. */
  let held: { readonly row: Element; readonly top: number } | undefined;

  function stick(): void {
    const list = scroller.value;
    if (!list) return;
    if (!following.value) stay(list);
    else {
      held = undefined;
      if (!touched) list.scrollTop = list.scrollHeight;
    }
    remember(list);
  }

  function stay(list: HTMLElement): void {
    if (held?.row.isConnected) list.scrollTop += topOf(held.row) - held.top;
    hold(held?.row.isConnected ? held.row : firstVisible(list, content.value));
  }

  function hold(row: Element | undefined): void {
    held = row && { row, top: topOf(row) };
  }

  function topOf(row: Element): number {
    return row.getBoundingClientRect().top - (content.value?.getBoundingClientRect().top ?? 0);
  }

  function remember(list: HTMLElement): void {
    known = { top: list.scrollTop, height: list.scrollHeight, room: list.clientHeight };
    far.value = restOf(list) > list.clientHeight;
  }

  function onScroll(): void {
    const list = scroller.value;
    if (!list) return;
    // A list that became shorter, or its window higher, is moved by the browser and not by the reader.
    const isReader = list.scrollHeight === known.height && list.clientHeight === known.room;
    if (list.scrollTop > known.top && restOf(list) <= END_PX) following.value = isNewest();
    else if (list.scrollTop < known.top && isReader) following.value = false;
    if (list.scrollTop !== known.top) hold(firstVisible(list, content.value));
    remember(list);
  }

  function letGo(): void {
    if (known.top > 0) following.value = false;
  }

  const onWheel = (event: WheelEvent): void => {
    if (event.deltaY < 0) letGo();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (UPWARD_KEYS.has(event.key)) letGo();
  };
  const onTouch = (event: TouchEvent): void => {
    touched = event.touches.length > 0;
    stick();
  };

  const observer = new ResizeObserver(stick);
  onMounted(() => {
    const list = scroller.value;
    if (!list) return;
    list.addEventListener('scroll', onScroll, { passive: true });
    list.addEventListener('wheel', onWheel, { passive: true });
    list.addEventListener('keydown', onKey);
    for (const type of ['touchstart', 'touchend', 'touchcancel'] as const) {
      list.addEventListener(type, onTouch, { passive: true });
    }
    observer.observe(list);
    if (content.value) observer.observe(content.value);
    stick();
  });
  onUnmounted(() => observer.disconnect());

  onUpdated(() => {
    const list = scroller.value;
    if (!list) return;
    if (!following.value) stay(list);
    if (restOf(list) < 1) following.value = isNewest();
    else if (!isNewest()) following.value = false;
    stick();
  });

  return {
    following,
    far,
    toEnd() {
      following.value = true;
      stick();
    },
    toRow(row, share) {
      const list = scroller.value;
      if (!list) return;
      following.value = false;
      const from = row.getBoundingClientRect().top - list.getBoundingClientRect().top;
      list.scrollTop += from - share * list.clientHeight;
      following.value = isNewest() && restOf(list) <= END_PX;
      hold(row);
      remember(list);
    },
  };
}

/** How far it is to the end. */
export function restOf(list: HTMLElement): number {
  return list.scrollHeight - list.clientHeight - list.scrollTop;
}

/** The first row that reaches into the list's window. */
export function firstVisible(scroller: HTMLElement | null, content: HTMLElement | null): Element | undefined {
  if (!scroller || !content) return undefined;
  const { top } = scroller.getBoundingClientRect();
  return [...content.children].find((row) => row.getBoundingClientRect().bottom > top);
}
