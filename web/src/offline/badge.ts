/** The mark on the installed client's icon, which the service worker sets: who looks at the page has seen it. */
export function clearBadge(document: Document): void {
  const clear = (): void => {
    // Not in every browser.
    if (document.visibilityState === 'visible') void navigator.clearAppBadge?.().catch(() => {});
  };
  document.addEventListener('visibilitychange', clear);
  clear();
}
