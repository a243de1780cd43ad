import { migrate, openForWriting } from '@pokers/server/store/sqlite/database';
import { Chance } from '../../test/reliability/chance.ts';
import { makeCorpus, zipf } from './corpus.ts';
import type { Options } from './options.ts';

/** Of each class. */
export const THREADS = 5;
const SPEAKERS = 30;

/** When the first was posted, Unix seconds, and how long after it the next. */
const FIRST_DATE = 1_700_000_000;
const SECONDS_BETWEEN = 60;

/** Everyone who speaks, and who searches. */
export const PEOPLE = 2_000;

/** How unequal classes are: the first of 1,000 has 4 % of all messages, the middle one 0.05 %. */
const CLASS_EXPONENT = 0.7;

/** A database with many classes of different sizes, whose messages follow one another as they come, by direct inserts. */
export async function makeSchool(folder: string, { messages, classes }: Options): Promise<void> {
  await migrate(folder);
  const db = openForWriting(folder);
  db.run('pragma synchronous = off');
  const chance = new Chance(2);
  const corpus = makeCorpus(new Chance(1));
  const nextClass = zipf(classes, CLASS_EXPONENT, chance);
  const insert = db.query<never, (number | string)[]>(
    `insert into messages (thread, class, seq, number, speaker, speaker_name, is_super, type, content, date,
       emoji_1, emoji_2, emoji_3)
     values (?, ?, ?, ?, ?, 'Person', 0, 'text', ?, ?, 0, 0, 0)`,
  );
  const stored = new Int32Array(classes * THREADS + 1);
  db.run('begin');
  const people = db.query(
    `insert into users (name, email, created_at, updated_at) values ('Person', ?, '', '')`,
  );
  for (let person = 1; person <= PEOPLE; person++) people.run(person);
  const classroom = db.query(`insert into classes (name, code) values ('Class', ?)`);
  const thread = db.query(`insert into threads (class_id, name, date) values (?, 'Thread', ${FIRST_DATE})`);
  for (let id = 1; id <= classes; id++) {
    classroom.run(id);
    for (let count = 0; count < THREADS; count++) thread.run(id);
  }
  for (let at = 0; at < messages; at++) {
    const id = 1 + nextClass();
    const thread = (id - 1) * THREADS + chance.between(1, THREADS);
    const number = (stored[thread] ?? 0) + 1;
    stored[thread] = number;
    const speaker = 1 + ((id * SPEAKERS + chance.between(1, SPEAKERS)) % PEOPLE);
    insert.run(thread, id, number, number, speaker, corpus.message(), FIRST_DATE + at * SECONDS_BETWEEN);
  }
  const settle = db.query('update threads set seq = ?, messages = ? where id = ?');
  for (const [id, count] of stored.entries()) settle.run(count, count, id);
  db.run('commit');
  db.run('pragma wal_checkpoint(truncate)');
  db.close();
}
