import { type Ref, watchPostEffect } from 'vue';

/** Scrolls an item of a list into view, no further than needed, when it becomes the open one. */
export function useInView(item: Readonly<Ref<HTMLElement | null>>, isOpen: () => boolean): void {
  watchPostEffect(() => {
    if (isOpen()) item.value?.scrollIntoView({ block: 'nearest' });
  });
}
