import type { AccountStore } from './account-store.ts';

/**
 * Notices that the command line has changed accounts in the database beneath us. It is no process of the server, so no
 * bus carries its word: it raises a number, which each process looks at twice a second: one small read.
 */
export class OutsideChanges {
  readonly #store: AccountStore;
  readonly #onChange: () => void;
  #seen: number | undefined;
  #isLooking = false;

  constructor(store: AccountStore, onChange: () => void) {
    this.#store = store;
    this.#onChange = onChange;
  }

  async look(): Promise<void> {
    if (this.#isLooking) return; // a store that is slow is not asked again meanwhile
    this.#isLooking = true;
    const changes = await this.#store.outsideChanges().finally(() => {
      this.#isLooking = false;
    });
    const isNew = this.#seen !== undefined && changes !== this.#seen;
    this.#seen = changes;
    if (isNew) this.#onChange();
  }
}
