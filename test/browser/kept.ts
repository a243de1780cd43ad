import type { Page } from 'playwright-core';

/** Keys of what the client keeps in this browser of what was read. */
export const keptIn = (page: Page): Promise<string[]> => keysIn(page, 'pokers-kept', 'kept');

/** The keys in a store of one of the page's databases, as text; none where there is no such database yet. */
export function keysIn(page: Page, database: string, store: string): Promise<string[]> {
  return page.evaluate(
    async ({ database, store }) => {
      const known = await indexedDB.databases();
      if (!known.some(({ name }) => name === database)) return [];
      return new Promise<string[]>((resolve) => {
        const opening = indexedDB.open(database);
        opening.onsuccess = () => {
          const request = opening.result.transaction(store).objectStore(store).getAllKeys();
          request.onsuccess = () => {
            opening.result.close();
            resolve(request.result.map(String));
          };
        };
      });
    },
    { database, store },
  );
}
