import pg from 'pg';
import { StartError } from '../../errors.ts';
import { postgresAddress } from '../postgres/address.ts';
import { migratePostgres } from '../postgres/migrate.ts';
import { APPLICATION_NAME, NUMBERS } from '../postgres/pool.ts';
import { type MovableStore, ROWS_AT_ONCE, type Row } from './movable-store.ts';
import { MOVED_TABLES } from './moved-tables.ts';

/** How long to wait, in ms, for whoever is just changing something there. */
const LOCK_MS = 5_000;

/** A PostgreSQL database that no server uses. @param isTarget it must be empty @throws StartError, UsageError */
export async function postgresSide(url: string, isTarget: boolean): Promise<MovableStore> {
  const address = postgresAddress(url);
  await migratePostgres(address, (message) => {
    throw new StartError(`${address.name}: ${message}. Update this Pokers first.`);
  });
  const client = new pg.Client({ ...address.options, types: NUMBERS });
  client.on('error', () => undefined); // whatever is asked next says so
  await client.connect();
  const side = new PostgresSide(address.name, client);
  try {
    await side.begin(isTarget);
    return side;
  } catch (error) {
    await side.close();
    throw error;
  }
}

class PostgresSide implements MovableStore {
  readonly place: string;
  readonly #client: pg.Client;

  constructor(place: string, client: pg.Client) {
    this.place = place;
    this.#client = client;
  }

  async begin(isTarget: boolean): Promise<void> {
    if (
      await this.#finds(
        'select 1 from pg_stat_activity where datname = current_database() and application_name = $1',
        [APPLICATION_NAME],
      )
    )
      throw new StartError(`A server uses ${this.place}. Stop it first.`);
    await this.#client.query('begin isolation level repeatable read');
    // Whoever starts a server on it all the same can save nothing in it until all is moved. Before the first look at
    // anything, so that what is seen is what was there when the lock was had.
    await this.#client.query(`set local lock_timeout = ${LOCK_MS}`);
    await this.#client
      .query(`lock table ${MOVED_TABLES.join()} in share row exclusive mode`)
      .catch((cause) => {
        throw new StartError(`Somebody is changing ${this.place}. Stop whatever uses it first.`, { cause });
      });
    if (!isTarget) return;
    for (const table of MOVED_TABLES)
      if (table !== 'meta' && (await this.#finds(`select 1 from ${table} limit 1`)))
        throw new StartError(
          `${this.place} holds something already (${table}). Name an empty database with --to.`,
        );
    await this.#client.query("delete from meta where key <> 'secret'");
  }

  async *rows(table: string): AsyncIterable<readonly Row[]> {
    await this.#client.query(`declare moving no scroll cursor for select * from ${table}`);
    for (;;) {
      const { rows } = await this.#client.query<Row>(`fetch ${ROWS_AT_ONCE} from moving`);
      if (rows.length > 0) yield rows;
      if (rows.length < ROWS_AT_ONCE) break;
    }
    await this.#client.query('close moving');
  }

  async write(table: string, rows: readonly Row[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {}).join();
    if (columns === '') return;
    await this.#client.query(
      `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1::json)`,
      [JSON.stringify(rows)],
    );
  }

  async lastIds(): Promise<ReadonlyMap<string, number>> {
    const ids = new Map<string, number>();
    for (const [table, sequence] of await this.#sequences()) {
      const { rows } = await this.#client.query<{ last: number }>(
        `select case when is_called then last_value else 0 end as last from ${sequence}`,
      );
      ids.set(table, rows[0]?.last ?? 0);
    }
    return ids;
  }

  async setLastIds(ids: ReadonlyMap<string, number>): Promise<void> {
    for (const [table, sequence] of await this.#sequences()) {
      const id = ids.get(table) ?? 0;
      if (id > 0) await this.#client.query('select setval($1::regclass, $2::bigint)', [sequence, id]);
    }
  }

  async secret(): Promise<string> {
    const { rows } = await this.#client.query<{ value: string }>(
      "select value from meta where key = 'secret'",
    );
    return rows[0]?.value ?? '';
  }

  async setSecret(secret: string): Promise<void> {
    await this.#client.query("update meta set value = $1 where key = 'secret'", [secret]);
  }

  async commit(): Promise<void> {
    await this.#client.query('commit');
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  async #finds(text: string, values: unknown[] = []): Promise<boolean> {
    return (await this.#client.query(text, values)).rows.length > 0;
  }

  /** Tables that give ids, with what they get them from. */
  async #sequences(): Promise<[table: string, sequence: string][]> {
    const { rows } = await this.#client.query<{ table: string; sequence: string }>(
      `select table_name as table, pg_get_serial_sequence(table_name, column_name) as sequence
       from information_schema.columns where table_schema = current_schema() and is_identity = 'YES'`,
    );
    const moved = rows.filter(({ table }) => (MOVED_TABLES as readonly string[]).includes(table));
    return moved.map(({ table, sequence }) => [table, sequence]);
  }
}
