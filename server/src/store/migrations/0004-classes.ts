import { type Kysely, sql } from 'kysely';

/**
 * Classes that can be run: guests, muted and banned members, invitations, requests to join, settings, pictures; threads
 * that are pinned, read-only, archived or deleted; and the audit log. Times are Unix seconds, null where it is not so.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const steps = [
    sql`alter table classes add column archived integer`,
    sql`alter table classes add column joining text not null default 'open'`,
    sql`alter table classes add column threads_by text not null default 'students'`,
    sql`alter table classes add column picture text`, // the SHA-256 of what is in pictures

    sql`create table members_with_guests (
      class_id integer not null references classes (id), user_id integer not null references users (id),
      role text not null check (role in ('head', 'teacher', 'student', 'guest')), date integer,
      muted_until integer,
      primary key (user_id, class_id)) without rowid`,
    sql`insert into members_with_guests select class_id, user_id, role, date, null from members`,
    sql`drop table members`,
    sql`alter table members_with_guests rename to members`,
    sql`create index members_class on members (class_id, user_id)`,
    sql`create index members_heads on members (class_id) where role = 'head'`,

    sql`create table invitations (
      id integer primary key autoincrement, class_id integer not null references classes (id),
      token text not null unique, role text not null, creator integer not null,
      name text,                                 -- whom it is for, where it is for one person
      date integer not null,
      expires integer, uses_max integer, uses integer not null default 0, revoked integer)`,
    sql`create index invitations_class on invitations (class_id, id)`,

    sql`create table requests (
      class_id integer not null references classes (id), user_id integer not null references users (id),
      date integer not null, primary key (class_id, user_id)) without rowid`,
    sql`create index requests_user on requests (user_id)`,

    sql`create table bans (
      class_id integer not null references classes (id), user_id integer not null references users (id),
      creator integer not null, date integer not null, primary key (class_id, user_id)) without rowid`,

    sql`create table pictures (
      class_id integer primary key references classes (id), type text not null, base64 text not null)`,

    sql`alter table threads add column pinned integer`,
    sql`alter table threads add column read_only integer`,
    sql`alter table threads add column archived integer`,
    sql`alter table threads add column deleted integer`,
    sql`create index threads_pinned on threads (class_id, pinned desc) where pinned is not null`,
    sql`create index threads_deleted on threads (deleted) where deleted is not null`,

    sql`create table audit (
      id integer primary key autoincrement, date integer not null,
      actor integer, actor_name text, address text, action text not null,
      class_id integer, user_id integer, user_name text,
      detail text)`, // JSON: what else there is to know, by action
    sql`create index audit_class on audit (class_id, id) where class_id is not null`,
    sql`create index audit_date on audit (date)`,
  ];
  for (const step of steps) await step.execute(db);
}
