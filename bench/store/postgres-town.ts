import { claimPostgres, openPostgres } from '@pokers/server/store/postgres/postgres-engine';
import type { Store } from '@pokers/server/store/store';
import pg from 'pg';
import { startPostgres } from '../../test/actors/postgres-server.ts';
import { PEOPLE } from './town.ts';

/** A PostgreSQL with the people, the class and the thread of an empty town. */
export interface PostgresTown {
  readonly store: Store;
  /** What it calls itself. */
  readonly version: string;
  close(): Promise<void>;
}

/** @param url an empty database; undefined: a server of its own on this machine @throws Error where it holds something */
export async function openPostgresTown(url: string | undefined): Promise<PostgresTown> {
  const own = url === undefined ? await startPostgres() : undefined;
  const database = url ?? (await own?.create()) ?? '';
  const { release } = await claimPostgres(database, () => undefined);
  const version = await settle(database);
  const { store, close } = await openPostgres(database, {
    onTrouble(reason) {
      if (reason) throw new Error(`the database cannot save: ${reason}`);
    },
  });
  return {
    store,
    version,
    async close() {
      await close();
      await release();
      await own?.end();
    },
  };
}

/** @returns the server's version */
async function settle(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    if ((await client.query('select 1 from users limit 1')).rows.length > 0)
      throw new Error('the database of --database must be empty');
    await client.query(`insert into users (name, email, created_at, updated_at)
      select 'Person ' || i, i::text, '', '' from generate_series(1, ${PEOPLE}) i`);
    await client.query(`insert into classes (name, code) values ('Class', '0')`);
    await client.query(
      `insert into members (class_id, user_id, role) select c.id, u.id, 'student' from users u, classes c`,
    );
    await client.query(`insert into threads (class_id, name) select id, 'Thread' from classes`);
    const { rows } = await client.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    );
    return rows[0]?.version ?? '';
  } finally {
    await client.end();
  }
}
