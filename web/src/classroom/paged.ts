import { type Ref, ref } from 'vue';
import { createListing, type Listing } from '../listing.ts';

/** A page of a list; `last` is the id that the page before ended with. */
export type ReadPage<T> = (last: number | undefined) => Promise<{ items: readonly T[]; more: boolean }>;

/** A list that comes in pages; loading it again loads as far as it was shown. */
export interface Paged<T> extends Listing<T> {
  /** Whether there is a page that was not shown yet. */
  readonly more: Readonly<Ref<boolean>>;
  next(): Promise<void>;
}

export function createPaged<T extends { readonly id: number }>(read: ReadPage<T>): Paged<T> {
  const more = ref(false);
  let pages = 1;
  const listing = createListing(async () => {
    const found = await readPages(read, pages);
    more.value = found.more;
    return found.items;
  });
  return {
    ...listing,
    more,
    next() {
      pages += 1;
      return listing.load();
    },
  };
}

/** The first pages of a list, or all of it. */
export async function readPages<T extends { readonly id: number }>(
  read: ReadPage<T>,
  pages = Number.POSITIVE_INFINITY,
): Promise<{ items: T[]; more: boolean }> {
  const items: T[] = [];
  let more = true;
  for (let count = 0; count < pages && more; count += 1) {
    const page = await read(items.at(-1)?.id);
    items.push(...page.items);
    more = page.more;
  }
  return { items, more };
}
