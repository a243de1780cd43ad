import type { AccountStore } from './account-store.ts';

/**
 * Notices that the command line has changed accounts in the database beneath us. It is no process of the server, so no
 * bus carries its word: it raises a number, which each process looks at every second.
 */
export class OutsideChanges {
  readonly #store: AccountStore;
  readonly #onChange: () => void;
  #seen: number | undefined;

  constructor(store: AccountStore, onChange: () => void) {
    this.#store = store;
    this.#onChange = onChange;
  }

  async look(): Promise<void> {
    const changes = await this.#store.outsideChanges();
    const isNew = this.#seen !== undefined && changes !== this.#seen;
    this.#seen = changes;
    if (isNew) this.#onChange();
  }
}
