import { type ShallowRef, shallowRef } from 'vue';

/** A list of the server's that is loaded, shown, and loaded again. */
export interface Listing<T> {
  /** Undefined until it was loaded once. Stays what it was when a later load fails. */
  readonly items: ShallowRef<readonly T[] | undefined>;
  /** Why the last load failed. */
  readonly failure: Readonly<ShallowRef<unknown>>;
  /** Never rejects; two at the same time ask the server once. */
  load(): Promise<void>;
}

export function createListing<T>(fetch: () => Promise<readonly T[]>): Listing<T> {
  const items = shallowRef<readonly T[]>();
  const failure = shallowRef<unknown>();
  let loading: Promise<void> | undefined;

  async function load(): Promise<void> {
    try {
      items.value = await fetch();
      failure.value = undefined;
    } catch (error) {
      failure.value = error;
    } finally {
      loading = undefined;
    }
  }

  return {
    items,
    failure,
    load() {
      loading ??= load();
      return loading;
    },
  };
}
