import type {
  ChangeNotificationsBody,
  NoticeLanguage,
  NotifyLevel,
  SubscribeBody,
} from '@pokers/protocol/notifications';
import type { Kysely } from 'kysely';
import type { Records, Step } from './records.ts';
import type { Tables } from './tables.ts';

/** A browser that is told of messages, for as long as its session lasts. */
export interface PushSubscription {
  readonly session: number;
  readonly user: number;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly language: NoticeLanguage;
  /** Where this browser finds the server. */
  readonly origin: string;
}

/** What someone wants to hear of. */
export interface Wishes extends ChangeNotificationsBody {
  /** Of the class and of the thread, where something is said. */
  readonly classLevel: NotifyLevel | null;
  readonly threadLevel: NotifyLevel | null;
}

/** A subscription of a member of the class, and what they want. */
export interface Recipient {
  readonly subscription: PushSubscription;
  readonly wishes: Wishes;
  /** The number of the last message of the thread that they have read. */
  readonly read: number;
}

/** As it is for who has said nothing. */
export const USUAL: ChangeNotificationsBody = { level: 'mentions', content: true };

/** Whether anybody at all wants to be told. */
export async function hasSubscriptions({ db }: Records): Promise<boolean> {
  const found = await db.selectFrom('push_subscriptions').select('session_id').limit(1).executeTakeFirst();
  return found !== undefined;
}

/**
 * Where members of a class are told of what is said in one of its threads: subscriptions whose session is good, with one
 * above `after`, in order of it.
 */
export async function recipientsIn(
  { db }: Records,
  place: { classroom: number; thread: number },
  page: { after: number; limit: number },
): Promise<Recipient[]> {
  const rows = await db
    .selectFrom('members as m')
    .innerJoin('push_subscriptions as s', 's.user_id', 'm.user_id')
    .innerJoin('sessions as e', 'e.id', 's.session_id')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .leftJoin('notify_settings as n', 'n.user_id', 'm.user_id')
    .leftJoin('notify_levels as c', (join) =>
      join
        .onRef('c.user_id', '=', 'm.user_id')
        .onRef('c.class_id', '=', 'm.class_id')
        .on('c.thread_id', '=', 0),
    )
    .leftJoin('notify_levels as t', (join) =>
      join
        .onRef('t.user_id', '=', 'm.user_id')
        .onRef('t.class_id', '=', 'm.class_id')
        .on('t.thread_id', '=', place.thread),
    )
    .leftJoin('reads as r', (join) =>
      join.onRef('r.user_id', '=', 'm.user_id').on('r.thread', '=', place.thread),
    )
    .select(['s.session_id', 's.user_id', 's.endpoint', 's.p256dh', 's.auth', 's.language', 's.origin'])
    .select(['n.level', 'n.content', 'n.quiet_from', 'n.quiet_until', 'n.zone'])
    .select(['c.level as classLevel', 't.level as threadLevel', 'r.number as read'])
    .where('m.class_id', '=', place.classroom)
    .where('e.expires_at', '>', new Date().toISOString())
    .where('u.disabled', 'is', null)
    .where('s.session_id', '>', page.after)
    .orderBy('s.session_id')
    .limit(page.limit)
    .execute();
  return rows.map((row) => {
    const { session_id: session, user_id: user, endpoint, p256dh, auth, language, origin } = row;
    const { classLevel, threadLevel, read } = row;
    return {
      subscription: { session, user, endpoint, p256dh, auth, language, origin },
      wishes: { ...settingsIn(row), classLevel, threadLevel },
      read: read ?? 0,
    };
  });
}

export async function notifySettingsOf({ db }: Records, user: number): Promise<ChangeNotificationsBody> {
  const row = await db
    .selectFrom('notify_settings')
    .select(['level', 'content', 'quiet_from', 'quiet_until', 'zone'])
    .where('user_id', '=', user)
    .executeTakeFirst();
  return row ? settingsIn(row) : USUAL;
}

/** What a user has said for classes (`thread` 0) and threads. */
export function notifyLevelsOf(
  { db }: Records,
  user: number,
): Promise<{ class: number; thread: number; level: NotifyLevel }[]> {
  return db
    .selectFrom('notify_levels')
    .select(['class_id as class', 'thread_id as thread', 'level'])
    .where('user_id', '=', user)
    .orderBy('class_id')
    .orderBy('thread_id')
    .execute();
}

export async function isSubscribed({ db }: Records, session: number): Promise<boolean> {
  const found = await db
    .selectFrom('push_subscriptions')
    .select('endpoint')
    .where('session_id', '=', session)
    .executeTakeFirst();
  return found !== undefined;
}

/** Whether a message is news to the owner of a subscription: it and its session are good, and they have not read so far. */
export async function isNews(
  { db }: Records,
  { session, user, endpoint }: PushSubscription,
  message: { classroom: number; thread: number; number: number },
): Promise<boolean> {
  const found = await db
    .selectFrom('push_subscriptions as s')
    .innerJoin('sessions as e', 'e.id', 's.session_id')
    .innerJoin('users as u', 'u.id', 's.user_id')
    .innerJoin('members as m', (join) =>
      join.onRef('m.user_id', '=', 's.user_id').on('m.class_id', '=', message.classroom),
    )
    .leftJoin('reads as r', (join) =>
      join.onRef('r.user_id', '=', 's.user_id').on('r.thread', '=', message.thread),
    )
    .select('r.number')
    .where('s.session_id', '=', session)
    .where('s.user_id', '=', user)
    .where('s.endpoint', '=', endpoint)
    .where('e.expires_at', '>', new Date().toISOString())
    .where('u.disabled', 'is', null)
    .executeTakeFirst();
  return found !== undefined && (found.number ?? 0) < message.number;
}

/** The private key of this server, as a JWK. */
export async function pushKey({ db }: Records): Promise<string> {
  const { value } = await db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', 'push_key')
    .executeTakeFirstOrThrow();
  return value;
}

/** A session has one subscription, and a browser's address is of one session: that of who signed in there last. */
export function subscribeSteps(
  db: Kysely<Tables>,
  owner: { session: number; user: number; origin: string },
  { endpoint, keys, language }: SubscribeBody,
): Step[] {
  const { session, user, origin } = owner;
  return [
    {
      query: db
        .deleteFrom('push_subscriptions')
        .where((is) => is.or([is('endpoint', '=', endpoint), is('session_id', '=', session)])),
    },
    {
      query: db
        .insertInto('push_subscriptions')
        .values({ session_id: session, user_id: user, endpoint, ...keys, language, origin }),
    },
  ];
}

export function unsubscribeStep(db: Kysely<Tables>, session: number, endpoint?: string): Step {
  const query = db.deleteFrom('push_subscriptions').where('session_id', '=', session);
  return { query: endpoint === undefined ? query : query.where('endpoint', '=', endpoint) };
}

export function setNotificationsStep(
  db: Kysely<Tables>,
  user: number,
  { level, content, quiet }: ChangeNotificationsBody,
): Step {
  const columns = {
    level,
    content: content ? 1 : 0,
    quiet_from: quiet?.from ?? null,
    quiet_until: quiet?.until ?? null,
    zone: quiet?.zone ?? null,
  };
  return {
    query: db
      .insertInto('notify_settings')
      .values({ user_id: user, ...columns })
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet(columns)),
  };
}

/** @param level undefined: nothing is said any more. @param most how many others there may be: `limit_reached` */
export function setLevelSteps(
  db: Kysely<Tables>,
  place: { user: number; classroom: number; thread: number },
  level: NotifyLevel | undefined,
  most: number,
): Step[] {
  const { user, classroom, thread } = place;
  const forget: Step = {
    query: db
      .deleteFrom('notify_levels')
      .where('user_id', '=', user)
      .where('class_id', '=', classroom)
      .where('thread_id', '=', thread),
  };
  if (level === undefined) return [forget];
  return [
    forget,
    {
      query: db
        .selectFrom('notify_levels')
        .select('level')
        .where('user_id', '=', user)
        .limit(1)
        .offset(most - 1),
      expect: { rows: 'none', otherwise: 'limit_reached', detail: `at most ${most}` },
    },
    {
      query: db
        .insertInto('notify_levels')
        .values({ user_id: user, class_id: classroom, thread_id: thread, level }),
    },
  ];
}

interface SettingsRow {
  readonly level: NotifyLevel | null;
  readonly content: number | null;
  readonly quiet_from: number | null;
  readonly quiet_until: number | null;
  readonly zone: string | null;
}

function settingsIn({ level, content, quiet_from, quiet_until, zone }: SettingsRow): ChangeNotificationsBody {
  if (level === null) return USUAL;
  const hasQuiet = quiet_from !== null && quiet_until !== null && zone !== null;
  return {
    level,
    content: content !== 0,
    ...(hasQuiet && { quiet: { from: quiet_from, until: quiet_until, zone } }),
  };
}
