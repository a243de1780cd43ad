import type { ClientConfig } from 'pg';
import { UsageError } from '../../errors.ts';

/** Where a PostgreSQL database is, and how one is let in. */
export interface PostgresAddress {
  /** What may be shown: without a password. */
  readonly name: string;
  readonly options: ClientConfig;
}

/** Reads `postgres://user:password@host:port/database`, with what libpq's URLs may have besides. @throws UsageError */
export function postgresAddress(text: string): PostgresAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isKnown = url?.protocol === 'postgres:' || url?.protocol === 'postgresql:';
  const host = url?.hostname || url?.searchParams.get('host');
  const database = url?.pathname.slice(1);
  if (!url || !isKnown || !host || !database) {
    throw new UsageError(
      'The database must be given as postgres://USER:PASSWORD@HOST:PORT/NAME; see --database in --help.',
    );
  }
  const port = url.port ? `:${url.port}` : '';
  return { name: `postgres://${host}${port}/${database}`, options: { connectionString: text } };
}
