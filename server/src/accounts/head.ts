import { openForReading } from '../store/sqlite/database.ts';

/** Whether an account heads the server; until then the next one to sign up will. */
export function hasHead(folder: string): boolean {
  const db = openForReading(folder);
  try {
    return db.query('select 1 from users where head = 1 limit 1').get() !== null;
  } finally {
    db.close();
  }
}
