import type { Value } from './columns.ts';
import { earlierRows } from './earlier-row.ts';
import type { ImportRun } from './import-run.ts';
import type { TableRow } from './tables.ts';
import type { ThreadNumbers } from './thread-numbers.ts';

/**
 * The messages, as the original stored them. Some of its code paths escaped text for HTML before they stored it and
 * some did not, and nothing in a row tells which; so content is kept character for character, and a classic client
 * receives the very record that it did before.
 */
export async function importMessages(run: ImportRun, threads: ThreadNumbers): Promise<void> {
  const { db, tally } = run;
  const isThere = earlierRows(db, 'messages', ['thread', 'speaker', 'date']);
  const insert = db.query<unknown, [Record<string, Value>]>(
    `insert into messages (id, thread, class, seq, number, speaker, speaker_name, is_super, type, content, date,
       img_url, file_url, file_name, file_size, emoji_1, emoji_2, emoji_3, log)
     values ($id, $thread, $belong_class, $seq, $number, $speaker, $speaker_name, $is_super, $type, $content, $date,
       $img_url, $file_url, $file_name, $file_size, $emoji_1, $emoji_2, $emoji_3, $log)
     on conflict (id) do nothing`,
  );
  // The index of search finds new messages by their ids, and these may come below some that it has.
  const newest = db.query<{ id: number | null }, []>('select max(id) as id from messages').get()?.id ?? 0;
  const note = db.query<unknown, [number]>('insert into search_changes (message) values (?)');
  await run.each('messages', (message) => {
    const { id, thread, speaker, date } = message;
    const classroom = thread === null ? undefined : threads.classOf(thread);
    if (thread === null || classroom === undefined) {
      return tally.skipped('messages', 'the thread does not exist or was skipped', id);
    }
    if (message.belong_class !== classroom) {
      return tally.skipped('messages', 'belong_class is not the class of the thread', id);
    }
    if (speaker === null) return tally.skipped('messages', 'it has no speaker', id);
    const { seq, number } = threads.next(thread);
    const type = typeOf(message, run);
    const { changes } = insert.run({
      ...message,
      seq,
      number,
      type,
      speaker_name: message.speaker_name ?? '',
    });
    if (changes === 0 && isThere(id, { thread, speaker, date })) return tally.already('messages');
    if (changes > 0 && id <= newest) note.run(id);
    threads.take(thread, { id, date });
    tally.imported('messages');
  });
  threads.settle();
}

function typeOf({ id, type, file_url }: TableRow<'messages'>, { tally }: ImportRun): 'text' | 'file' {
  if (type === 'text' || type === 'file') return type;
  const assumed = file_url ? 'file' : 'text';
  tally.changed('messages', `"type" was neither text nor file, so it became ${assumed}`, id);
  return assumed;
}
