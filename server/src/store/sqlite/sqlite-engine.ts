import { Kysely } from 'kysely';
import { SqliteSearchIndex } from '../../search/sqlite/sqlite-search-index.ts';
import { ACCOUNT_QUERIES, SESSION_QUERIES } from '../account-queries.ts';
import type { Claim, Engine, EngineHearer } from '../engine.ts';
import { migrate, openForReading } from './database.ts';
import { claimFolder, folderSecret } from './folder.ts';
import { SqliteAccountStore } from './sqlite-account-store.ts';
import { SqliteReads } from './sqlite-statements.ts';
import { SqliteStore } from './sqlite-store.ts';
import { WATERMARK_MS, Watermark } from './watermark.ts';
import { Writer } from './writer.ts';
import { writerDialect } from './writer-dialect.ts';

/** SQLite in a data folder that was claimed and migrated. */
export async function openSqlite(folder: string, { onTrouble }: EngineHearer): Promise<Engine> {
  const writer = await Writer.start(folder, onTrouble);
  const reader = openForReading(folder);
  const store = new SqliteStore(reader, writer);
  return {
    store,
    accounts: new SqliteAccountStore(reader, writer),
    sessions: new SqliteReads(reader, Object.values(SESSION_QUERIES)),
    db: new Kysely<unknown>({ dialect: writerDialect(writer, reader) }),
    searchIndex: new SqliteSearchIndex(folder, reader),
    secret: folderSecret(folder),
    get waiting() {
      return writer.waiting;
    },
    close: () => store.close(),
  };
}

/** @param onRestored told where the database turns out to have been put back from a backup @throws StartError */
export async function claimSqlite(path: string, onRestored: () => void): Promise<Claim> {
  const folder = claimFolder(path);
  await migrate(path);
  const watermark = new Watermark(path);
  if (watermark.check()) onRestored();
  const timer = setInterval(() => watermark.save(), WATERMARK_MS);
  folderSecret(path);
  return {
    place: path,
    async hasHead() {
      const reader = openForReading(path);
      try {
        return (
          new SqliteReads(reader, [ACCOUNT_QUERIES.hasHead]).get(ACCOUNT_QUERIES.hasHead, {}) !== undefined
        );
      } finally {
        reader.close();
      }
    },
    async release() {
      clearInterval(timer);
      watermark.save();
      folder.release();
    },
  };
}
