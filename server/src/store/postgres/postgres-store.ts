import { RowStore, type RowStoreParts } from '../row-store.ts';
import type { PostgresPool } from './pool.ts';
import type { PostgresWrites } from './writes.ts';

/** Many processes on many machines may have it open on one database. */
export class PostgresStore extends RowStore {
  readonly #pool: PostgresPool;
  readonly #writes: PostgresWrites;

  constructor(pool: PostgresPool, parts: RowStoreParts & { readonly writes: PostgresWrites }) {
    super(parts);
    this.#pool = pool;
    this.#writes = parts.writes;
  }

  async close(): Promise<void> {
    await this.#writes.idle();
    await this.#pool.close();
  }
}
