import type { Message } from '@pokers/protocol/message';
import { PokersError } from '../../errors.ts';
import { attach, attachable } from '../attaching.ts';
import { newMessage, type Shown } from '../new-message.ts';
import { COLUMNS_OF_M, countedUnder, type MessageRow, mentionsColumn, toMessage } from '../rows.ts';
import type { Appended, MessageDraft } from '../store.ts';
import type { Outcome } from './gathering.ts';
import type { Session } from './pool.ts';
import { carryOut } from './statements.ts';

interface ThreadRow {
  readonly id: number;
  readonly class: number;
  seq: number;
  messages: number;
  last: number | null;
}

/** A post with all it gets but its id. */
interface Numbered {
  readonly draft: MessageDraft;
  readonly class: number;
  readonly seq: number;
  readonly number: number;
  /** What it has of its file. */
  readonly shown?: Shown | undefined;
}

/** What a post came to, once the ids are known. */
type Pending = (idOf: (post: Numbered) => number) => Outcome<Appended>;

/**
 * Stores posts in a transaction that is open already: two waits for the database, however many they are. The rows of
 * their threads are kept from the first on, always in order of their ids: posts of one thread follow one another on all
 * machines, those of other threads do not wait for them, and nobody waits in a circle.
 */
export async function append(
  session: Session,
  drafts: readonly MessageDraft[],
): Promise<Outcome<Appended>[]> {
  const [threads, earlier, changes] = await Promise.all([
    keepThreads(session, drafts),
    earlierPosts(session, drafts),
    earlierChanges(session, drafts),
  ]);
  const numbering = new Numbering(threads, earlier, changes);
  const pending: Pending[] = [];
  for (const draft of drafts) pending.push(numbering.add(draft, await fileOf(session, draft, threads)));
  const ids = await store(session, numbering);
  const idOf = (post: Numbered): number => ids.get(placeOf(post.draft.thread, post.seq)) ?? 0;
  for (const post of numbering.posts)
    if (post.draft.file !== undefined)
      await carryOut(session, attach(post.draft.file, messageOf(post, idOf)));
  return pending.map((outcome) => outcome(idOf));
}

/** What the message has of the draft's file; undefined where there is none. */
async function fileOf(
  session: Session,
  draft: MessageDraft,
  threads: ReadonlyMap<number, ThreadRow>,
): Promise<Shown | PokersError | undefined> {
  const thread = threads.get(draft.thread);
  if (draft.file === undefined || !thread) return undefined;
  try {
    return await carryOut(session, attachable(draft.file, draft, thread.class));
  } catch (error) {
    if (error instanceof PokersError && error.error !== 'store_unavailable') return error;
    throw error;
  }
}

function messageOf(post: Numbered, idOf: (post: Numbered) => number): Message {
  return { ...newMessage(post.draft, { ...post, id: idOf(post) }), ...post.shown };
}

/** Gives the posts of one transaction their numbers, one after the other. */
class Numbering {
  readonly posts: Numbered[] = [];
  /** How far each thread has come that something was posted in. */
  readonly moved = new Map<number, ThreadRow>();
  readonly #threads: ReadonlyMap<number, ThreadRow>;
  readonly #earlier: ReadonlyMap<string, MessageRow>;
  readonly #changes: ReadonlySet<string>;
  readonly #nonces = new Map<string, Numbered>();
  readonly #files = new Set<number>();

  constructor(
    threads: ReadonlyMap<number, ThreadRow>,
    earlier: ReadonlyMap<string, MessageRow>,
    changes: ReadonlySet<string>,
  ) {
    this.#threads = threads;
    this.#earlier = earlier;
    this.#changes = changes;
  }

  /** @param file what the message has of it, or why it cannot have it */
  add(draft: MessageDraft, file: Shown | PokersError | undefined): Pending {
    const repeated = draft.nonce === undefined ? undefined : this.#repeated(draft, draft.nonce);
    if (repeated) return repeated;
    const thread = this.#threads.get(draft.thread);
    if (!thread) return refused('thread_not_found');
    if (file instanceof PokersError) return () => ({ error: file });
    if (draft.file !== undefined && this.#files.has(draft.file)) return refused('file_not_found');
    if (draft.file !== undefined) this.#files.add(draft.file);
    thread.seq++;
    thread.messages++;
    thread.last = draft.date;
    this.moved.set(thread.id, thread);
    const post = { draft, class: thread.class, seq: thread.seq, number: thread.messages, shown: file };
    this.posts.push(post);
    if (draft.nonce !== undefined) this.#nonces.set(nonceOf(draft.speaker, draft.nonce), post);
    return (idOf) => ({ value: { message: messageOf(post, idOf), fresh: true } });
  }

  /** What a nonce that was used before comes to; undefined for a new one. */
  #repeated({ thread, speaker }: MessageDraft, nonce: string): Pending | undefined {
    const key = nonceOf(speaker, nonce);
    if (this.#changes.has(key)) return refused('nonce_conflict');
    const row = this.#earlier.get(key);
    if (row) return row.thread === thread ? () => again(toMessage(row)) : refused('nonce_conflict');
    const post = this.#nonces.get(key);
    if (!post) return undefined;
    if (post.draft.thread !== thread) return refused('nonce_conflict');
    return (idOf) => again(messageOf(post, idOf));
  }
}

function again(message: Appended['message']): Outcome<Appended> {
  return { value: { message, fresh: false } };
}

function refused(error: 'thread_not_found' | 'nonce_conflict' | 'file_not_found'): Pending {
  return () => ({ error: new PokersError(error) });
}

function nonceOf(speaker: number, nonce: string): string {
  return `${speaker}/${nonce}`;
}

function placeOf(thread: number, seq: number): string {
  return `${thread}/${seq}`;
}

async function keepThreads(
  session: Session,
  drafts: readonly MessageDraft[],
): Promise<Map<number, ThreadRow>> {
  const { rows } = await session.query<ThreadRow>({
    name: 'pokers_keep_threads',
    text: `select id, class_id as class, seq, messages, last from threads where id = any ($1::bigint[])
           order by id for no key update`,
    values: [[...new Set(drafts.map(({ thread }) => thread))]],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * To be looked up one by one (`lateral … limit 1`). As a join the whole index would be read where the plan was made while the
 * table was small, and plans are kept.
 */
const USED_NONCES = 'unnest($1::text[], $2::bigint[]) as used (nonce, speaker)';

async function earlierPosts(
  session: Session,
  drafts: readonly MessageDraft[],
): Promise<Map<string, MessageRow>> {
  const { rows } = await session.query<MessageRow>({
    name: 'pokers_earlier_posts',
    text: `select ${COLUMNS_OF_M} from ${USED_NONCES} cross join lateral (select * from messages
             where nonce = used.nonce and speaker = used.speaker and nonce is not null limit 1) m`,
    values: noncesOf(drafts),
  });
  return new Map(rows.map((row) => [nonceOf(row.speaker, row.nonce ?? ''), row]));
}

async function earlierChanges(session: Session, drafts: readonly MessageDraft[]): Promise<Set<string>> {
  const { rows } = await session.query<{ nonce: string; speaker: number }>({
    name: 'pokers_earlier_changes',
    text: `select used.nonce, used.speaker from ${USED_NONCES} cross join lateral (select 1 from changes
             where nonce = used.nonce and speaker = used.speaker limit 1) c`,
    values: noncesOf(drafts),
  });
  return new Set(rows.map(({ nonce, speaker }) => nonceOf(speaker, nonce)));
}

function noncesOf(drafts: readonly MessageDraft[]): [nonces: string[], speakers: number[]] {
  const used = drafts.flatMap(({ nonce, speaker }) => (nonce === undefined ? [] : [{ nonce, speaker }]));
  return [used.map(({ nonce }) => nonce), used.map(({ speaker }) => speaker)];
}

/** Answers the ids, by thread and seq. */
async function store(session: Session, { posts, moved }: Numbering): Promise<Map<string, number>> {
  if (posts.length === 0) return new Map();
  const [{ rows }] = await Promise.all([
    session.query<{ id: number; thread: number; seq: number }>(insertOf(posts)),
    session.query(moveOf([...moved.values()])),
    ...mentionsOf(posts).map((mentions) => session.query(mentions)),
  ]);
  return new Map(rows.map(({ id, thread, seq }) => [placeOf(thread, seq), id]));
}

/**
 * Ids are given in the order of the posts, while the threads' rows are kept: within a thread they grow with its seq. One has
 * read what one posts; the ids for that come straight from the insert, so that nothing is looked up.
 */
function insertOf(posts: readonly Numbered[]) {
  const column = <T>(read: (post: Numbered) => T): T[] => posts.map(read);
  return {
    name: 'pokers_insert_posts',
    text: `with posted as (insert into messages (thread, class, seq, number, speaker, speaker_name, is_super, content, date, nonce,
             awaits_announce, reply, mentions, type, emoji_1, emoji_2, emoji_3)
           select thread, class, seq, number, speaker, speaker_name, is_super, content, date, nonce,
             awaits_announce, reply, mentions, 'text', 0, 0, 0
           from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[],
             $7::smallint[], $8::text[], $9::bigint[], $10::text[], $11::smallint[], $12::bigint[],
             $13::text[]) with ordinality
             as post (thread, class, seq, number, speaker, speaker_name, is_super, content, date, nonce,
               awaits_announce, reply, mentions, n)
           order by n
           returning id, thread, seq, number, speaker),
           marked as (insert into reads (user_id, thread, number, message)
             select distinct on (speaker, thread) speaker, thread, number, id from posted
             order by speaker, thread, number desc
             ${FURTHER})
           select id, thread, seq from posted`,
    values: [
      column(({ draft }) => draft.thread),
      column((post) => post.class),
      column(({ seq }) => seq),
      column(({ number }) => number),
      column(({ draft }) => draft.speaker),
      column(({ draft }) => draft.speakerName),
      column(({ draft }) => (draft.isSuper ? 1 : 0)),
      column(({ draft }) => draft.content),
      column(({ draft }) => draft.date),
      column(({ draft }) => draft.nonce ?? null),
      column(({ draft }) => (draft.awaitsAnnounce ? 1 : 0)),
      column(({ draft }) => draft.reply ?? null),
      column(({ draft }) => mentionsColumn(draft.mentions ?? [])),
    ],
  };
}

function moveOf(threads: readonly ThreadRow[]) {
  return {
    name: 'pokers_move_threads',
    text: `update threads set seq = moved.seq, messages = moved.messages, last = moved.last
           from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) as moved (id, seq, messages, last)
           where threads.id = moved.id`,
    values: [
      threads.map(({ id }) => id),
      threads.map(({ seq }) => seq),
      threads.map(({ messages }) => messages),
      threads.map(({ last }) => last),
    ],
  };
}

/** The rows under which mentions are counted: one statement where there are any, else none. */
function mentionsOf(posts: readonly Numbered[]) {
  const rows = posts.flatMap(({ draft, number }) =>
    countedUnder(draft.mentions ?? []).map((user) => ({ user, thread: draft.thread, number })),
  );
  if (rows.length === 0) return [];
  return [
    {
      name: 'pokers_insert_mentions',
      text: `insert into mentions (user_id, thread, number)
             select * from unnest($1::bigint[], $2::bigint[], $3::bigint[])`,
      values: [
        rows.map(({ user }) => user),
        rows.map(({ thread }) => thread),
        rows.map(({ number }) => number),
      ],
    },
  ];
}

/** How far somebody has read. */
export interface Mark {
  readonly user: number;
  readonly thread: number;
  readonly number: number;
  readonly message: number;
}

/** Nobody goes back: another of one's devices may have told of more. */
const FURTHER = `on conflict (user_id, thread) do update set number = excluded.number, message = excluded.message
             where reads.number < excluded.number`;

/** In order of the rows, as everywhere, so that nobody waits in a circle. */
export function readOf(marks: readonly Mark[]) {
  return {
    name: 'pokers_mark_read',
    text: `insert into reads (user_id, thread, number, message)
           select user_id, thread, max(number), max(message)
           from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
             as mark (user_id, thread, number, message)
           group by user_id, thread order by user_id, thread
           ${FURTHER}`,
    values: [
      marks.map(({ user }) => user),
      marks.map(({ thread }) => thread),
      marks.map(({ number }) => number),
      marks.map(({ message }) => message),
    ],
  };
}
