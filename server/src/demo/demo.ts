import type { Kysely } from 'kysely';
import { nameKey } from '../accounts/name-key.ts';
import { Passwords } from '../accounts/password.ts';
import { joinCode } from '../chat/join-code.ts';
import { openEngine, type Place } from '../store/engines.ts';
import type { MessageChange, Store, User } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import {
  DEMO_CLASS,
  DEMO_EMAIL_HOST,
  DEMO_HEAD,
  DEMO_PEOPLE,
  DEMO_THREADS,
  type DemoThread,
} from './conversation.ts';

export interface DemoAccount {
  readonly email: string;
  /** New at every start with --demo; only its hash is kept. */
  readonly password: string;
}

/** Makes sure that the demo class is in the (claimed) data, once, and gives its head a password for this run. */
export async function seedDemo(place: Place): Promise<DemoAccount> {
  const engine = await openEngine(place, { onTrouble: () => {} });
  const { store } = engine;
  const { db } = store;
  try {
    const email = emailOf(DEMO_HEAD);
    const known = await db.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst();
    const head = known?.id ?? (await seedClass(db, store));
    return { email, password: await givePassword(db, head) };
  } finally {
    await engine.searchIndex.close();
    await engine.close();
  }
}

async function seedClass(db: Kysely<Tables>, store: Store): Promise<number> {
  const people = new Map<string, User>();
  for (const name of DEMO_PEOPLE) people.set(name, await addUser(db, name));
  const person = (name: string): User => {
    const user = people.get(name);
    if (!user) throw new Error(`${name} speaks in the demo but is not in it`);
    return user;
  };

  const now = Math.floor(Date.now() / 1000);
  const head = person(DEMO_HEAD);
  const classroom = await store.createClassroom({
    ...DEMO_CLASS,
    code: joinCode(),
    head: head.id,
    date: now,
  });
  for (const user of people.values()) {
    await store.addMember({ user: user.id, classroom: classroom.id, role: 'student', date: now });
  }
  for (const thread of DEMO_THREADS)
    await seedThread(db, store, { thread, classroom: classroom.id, person, now });
  return head.id;
}

interface Seed {
  readonly thread: DemoThread;
  readonly classroom: number;
  readonly person: (name: string) => User;
  /** Unix seconds. */
  readonly now: number;
}

async function seedThread(
  db: Kysely<Tables>,
  store: Store,
  { thread: { name, readOnly, lines }, classroom, person, now }: Seed,
): Promise<void> {
  const head = person(DEMO_HEAD).id;
  const thread = await store.createThread({ classroom, name, creator: head, date: now });
  const ids: number[] = [];
  for (const [index, [speaker, content, extra = {}]] of lines.entries()) {
    const { id, name } = person(speaker);
    const date = now - (lines.length - index) * SECONDS_BETWEEN;
    const { answers, mentions = [], reactions = [], pinned } = extra;
    const { message } = await store.appendMessage({
      thread: thread.id,
      speaker: id,
      speakerName: name,
      isSuper: id === head,
      content,
      date,
      ...(answers !== undefined && { reply: ids[answers] }),
      mentions: mentions.map((mentioned) => person(mentioned).id),
    });
    ids.push(message.id);
    const change = (by: number, change: MessageChange) =>
      store.changeMessage({ message: message.id, by, change, date });
    for (const [emoji, ...who] of reactions)
      for (const by of who) await change(person(by).id, { kind: 'react', emoji, on: true });
    if (pinned) await change(head, { kind: 'pin', on: true });
  }
  if (readOnly) await db.updateTable('threads').set({ read_only: now }).where('id', '=', thread.id).execute();
}

/** Between two lines of the demo's conversations. */
const SECONDS_BETWEEN = 7 * 60;

async function addUser(db: Kysely<Tables>, name: string): Promise<User> {
  const at = new Date().toISOString();
  return db
    .insertInto('users')
    .values({
      name,
      name_key: nameKey(name),
      email: emailOf(name),
      created_at: at,
      updated_at: at,
    })
    .returning(['id', 'name'])
    .executeTakeFirstOrThrow();
}

async function givePassword(db: Kysely<Tables>, user: number): Promise<string> {
  const password = crypto.randomUUID().slice(0, 13);
  const hash = await new Passwords().hash(password);
  const at = new Date().toISOString();
  await db
    .deleteFrom('accounts')
    .where('user_id', '=', user)
    .where('provider_id', '=', 'credential')
    .execute();
  await db
    .insertInto('accounts')
    .values({
      user_id: user,
      account_id: String(user),
      provider_id: 'credential',
      password: hash,
      created_at: at,
      updated_at: at,
    })
    .execute();
  return password;
}

function emailOf(name: string): string {
  return `${name.toLowerCase().replace(/[^a-z]+/g, '')}@${DEMO_EMAIL_HOST}`;
}
