import { onMounted, onUnmounted, watch } from 'vue';
import { useConnection } from '../connection/connection.ts';
import type { Listing } from '../listing.ts';

/**
 * Lists are not pushed: they are loaded when they are opened, when the reader comes back to the page, and when the
 * line comes back. `classId` tells which class is open.
 */
export function useReload(
  classes: () => Listing<unknown>,
  threads: () => Listing<unknown> | undefined,
  classId: () => number | undefined,
): void {
  const { returns } = useConnection();

  function refreshAll(): void {
    if (document.visibilityState === 'hidden') return;
    classes().refresh();
    threads()?.refresh();
  }

  watch(classId, () => threads()?.load());
  // What was loaded before the line broke is old, however little ago that was.
  watch(returns, () => {
    void classes().load();
    void threads()?.load();
  });
  onMounted(() => {
    refreshAll();
    window.addEventListener('focus', refreshAll);
    document.addEventListener('visibilitychange', refreshAll);
  });
  onUnmounted(() => {
    window.removeEventListener('focus', refreshAll);
    document.removeEventListener('visibilitychange', refreshAll);
  });
}
