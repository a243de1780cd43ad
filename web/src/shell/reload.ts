import { onMounted, onUnmounted, watch } from 'vue';
import { useConnection } from '../connection/connection.ts';

/**
 * Lists are not pushed: they are loaded when they are opened, when the reader comes back to the page, and when the
 * line comes back. `classId` tells which class is open.
 */
export function useReload(
  loadClasses: () => unknown,
  loadThreads: () => unknown,
  classId: () => number | undefined,
): void {
  const { returns } = useConnection();

  function loadAll(): void {
    if (document.visibilityState === 'hidden') return;
    loadClasses();
    loadThreads();
  }

  watch(classId, loadThreads);
  watch(returns, loadAll);
  onMounted(() => {
    loadAll();
    window.addEventListener('focus', loadAll);
    document.addEventListener('visibilitychange', loadAll);
  });
  onUnmounted(() => {
    window.removeEventListener('focus', loadAll);
    document.removeEventListener('visibilitychange', loadAll);
  });
}
