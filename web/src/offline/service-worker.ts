import type { PokersClient } from '@pokers/sdk';

/** Least milliseconds between two looks for a newer client, when the reader comes back to a page that stays open. */
const LOOK_MS = 60 * 60 * 1000;

/** How long a newer client is waited for, in ms. */
const UPDATE_MS = 15_000;

/** Background Sync is not in every browser, nor in every library of types. */
interface Syncing {
  readonly sync?: { register(tag: string): Promise<void> };
}

/**
 * Starts the service worker where the browser has them (on https pages and localhost). `go` is told the path of a
 * notification that was clicked.
 */
export async function startWorker(
  page: Window,
  client: PokersClient,
  go: (path: string) => void,
): Promise<void> {
  const workers: ServiceWorkerContainer | undefined = page.navigator.serviceWorker;
  if (!workers) return;
  workers.addEventListener('message', ({ data }) => {
    if (typeof data?.go === 'string') go(data.go);
  });
  const sawAll = workers.controller !== null;
  try {
    await workers.register('/worker.js', { updateViaCache: 'none' });
  } catch {
    // A browser that lets no worker in, as in private windows of some: the client needs a line then.
    return;
  }
  const registration = await workers.ready;
  if (!sawAll) {
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
    registration.active?.postMessage({ loaded });
  }

  const { sync } = registration as Syncing;
  // What is written without a line goes out by this page, or after its end by the worker.
  const { outbox } = client;
  outbox.on('change', () => {
    if (client.state === 'connected' || outbox.entries().length === 0) return;
    void sync?.register('outbox').catch(() => {});
  });

  let looked = Date.now();
  page.document.addEventListener('visibilitychange', () => {
    if (page.document.visibilityState === 'hidden' || Date.now() - looked < LOOK_MS) return;
    looked = Date.now();
    void registration.update().catch(() => {});
  });
}

/**
 * A page that has been open over an update asks for a part of the client that is gone. Once the newer client is there,
 * the page is loaded anew; where there is none (no line), the part fails as it would have.
 */
export function loadAnewWhenOutdated(page: Window): void {
  page.addEventListener('vite:preloadError', () => {
    const workers: ServiceWorkerContainer | undefined = page.navigator.serviceWorker;
    if (!workers) return page.navigator.onLine ? page.location.reload() : undefined;
    const giveUp = setTimeout(() => workers.removeEventListener('controllerchange', reload), UPDATE_MS);
    const reload = (): void => {
      clearTimeout(giveUp);
      page.location.reload();
    };
    workers.addEventListener('controllerchange', reload, { once: true });
    void workers.ready.then((registration) => registration.update()).catch(() => {});
  });
}
