import type { Kysely } from 'kysely';
import { nameKey } from '../accounts/name-key.ts';
import { Passwords } from '../accounts/password.ts';
import { joinCode } from '../chat/join-code.ts';
import { openEngine, type Place } from '../store/engines.ts';
import type { Store, User } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { DEMO_CLASS, DEMO_EMAIL_HOST, DEMO_HEAD, DEMO_PEOPLE, DEMO_THREADS } from './conversation.ts';

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
  for (const { name, lines } of DEMO_THREADS) {
    const thread = await store.createThread({ classroom: classroom.id, name, creator: head.id, date: now });
    for (const [index, [speaker, content]] of lines.entries()) {
      const { id, name } = person(speaker);
      const date = now - (lines.length - index) * SECONDS_BETWEEN;
      await store.appendMessage({
        thread: thread.id,
        speaker: id,
        speakerName: name,
        isSuper: id === head.id,
        content,
        date,
      });
    }
  }
  return head.id;
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
