import { type ShallowRef, shallowRef } from 'vue';

/** A list of the server's that is loaded, shown, and loaded again. */
export interface Listing<T> {
  /** Undefined until it was loaded once. Stays what it was when a later load fails. */
  readonly items: ShallowRef<readonly T[] | undefined>;
  /** Why the last load failed. */
  readonly failure: Readonly<ShallowRef<unknown>>;
  /**
   * Never rejects. Asked for while one runs, it loads once more afterwards, however often: what changed meanwhile may be
   * missing in the answer that is under way.
   */
  load(): Promise<void>;
  /** When nothing is being loaded for the first time. */
  ready(): Promise<void>;
}

export function createListing<T>(fetch: () => Promise<readonly T[]>): Listing<T> {
  const items = shallowRef<readonly T[]>();
  const failure = shallowRef<unknown>();
  let loading: Promise<void> | undefined;
  let isOutdated = false;

  async function load(): Promise<void> {
    do {
      isOutdated = false;
      try {
        items.value = await fetch();
        failure.value = undefined;
      } catch (error) {
        failure.value = error;
      }
    } while (isOutdated);
    loading = undefined;
  }

  return {
    items,
    failure,
    ready: async () => (items.value ? undefined : loading),
    load() {
      if (loading) isOutdated = true;
      else loading = load();
      return loading;
    },
  };
}
