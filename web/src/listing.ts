import { type ShallowRef, shallowRef } from 'vue';

/** So long after it was loaded, in milliseconds, a list is as good as new: pages ask when they open, and when one looks. */
const FRESH_MS = 2_000;

/** A list of the server's that is loaded, shown, and loaded again. */
export interface Listing<T> {
  /** Undefined until it was loaded once, or what was kept of it is put here. Stays what it was when a load fails. */
  readonly items: ShallowRef<readonly T[] | undefined>;
  /** Why the last load failed. */
  readonly failure: Readonly<ShallowRef<unknown>>;
  /**
   * Never rejects. Asked for while one runs, it loads once more afterwards, however often: what changed meanwhile may be
   * missing in the answer that is under way.
   */
  load(): Promise<void>;
  /** When it was loaded, or could not be: loads it where that was never begun. */
  ready(): Promise<void>;
  /** Loads it again, unless it was loaded just now. */
  refresh(): void;
}

export function createListing<T>(fetch: () => Promise<readonly T[]>): Listing<T> {
  const items = shallowRef<readonly T[]>();
  const failure = shallowRef<unknown>();
  let loading: Promise<void> | undefined;
  let isOutdated = false;
  let loadedAt = Number.NEGATIVE_INFINITY;

  async function load(): Promise<void> {
    do {
      isOutdated = false;
      try {
        items.value = await fetch();
        loadedAt = performance.now();
        failure.value = undefined;
      } catch (error) {
        failure.value = error;
      }
    } while (isOutdated);
    loading = undefined;
  }

  function begin(): Promise<void> {
    loading ??= load();
    return loading;
  }

  return {
    items,
    failure,
    load() {
      if (loading) isOutdated = true;
      return begin();
    },
    ready: async () => (loadedAt > 0 ? undefined : begin()),
    refresh() {
      if (performance.now() - loadedAt > FRESH_MS) void begin();
    },
  };
}
