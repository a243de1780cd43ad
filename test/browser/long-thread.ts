import { openForWriting } from '@pokers/server/store/sqlite/database';

/** A thread that was filled without the server. */
export interface LongThread {
  readonly thread: number;
  /** The ids of its messages, oldest first. */
  idOf(number: number): number;
}

/** Words of different lengths, so that rows differ in height. */
const WORDS = [
  'see you tomorrow',
  '好的，收到',
  'the bus leaves at eight, so be there ten minutes earlier, and bring something to drink',
  'ok',
  '明天的作业是第三课的第一题到第五题，做完以后拍照发到这里，有不懂的地方随时问',
  'has anyone seen my blue jacket? I think that I left it in the gym after the match on Friday, near the door',
];

/**
 * Fills a thread of a server that is stopped with so many messages by these people, a minute apart, the last one a
 * minute ago. The text of each begins with `#` and its number.
 */
export function fillThread(
  data: string,
  place: { readonly thread: number; readonly class: number },
  speakers: readonly { readonly id: number; readonly name: string }[],
  count: number,
): LongThread {
  const db = openForWriting(data);
  const first =
    (db.query<{ last: number | null }, []>('select max(id) as last from messages').get()?.last ?? 0) + 1;
  const begin = Math.floor(Date.now() / 1000) - count * 60;
  const insert = db.query<never, (number | string)[]>(
    `insert into messages (id, thread, class, seq, number, speaker, speaker_name, is_super, type, content, date,
       emoji_1, emoji_2, emoji_3)
     values (?, ?, ?, ?, ?, ?, ?, 0, 'text', ?, ?, 0, 0, 0)`,
  );
  db.run('begin');
  for (let number = 1; number <= count; number++) {
    // A few in a row are one person's.
    const speaker = speakers[Math.floor(number / 3) % speakers.length];
    if (!speaker) throw new Error('nobody speaks');
    const text = `#${number} ${WORDS[(number * 7) % WORDS.length]}`;
    const values = [first + number - 1, place.thread, place.class, number, number, speaker.id, speaker.name];
    insert.run(...values, text, begin + number * 60);
  }
  db.run('update threads set seq = ?, messages = ? where id = ?', [count, count, place.thread]);
  db.run('commit');
  db.close();
  return { thread: place.thread, idOf: (number) => first + number - 1 };
}
