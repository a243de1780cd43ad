import { Database } from 'bun:sqlite';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Obstacle, Role } from '@pokers/protocol/rights';
import { databaseFile } from '@pokers/server/store/sqlite/database';
import type { Person } from '../actors/people.ts';

/** A class of its own for each case, so that none finds what another left. */
export interface Scene {
  readonly classroom: number;
  readonly code: string;
  readonly thread: number;
  readonly message: number;
  /** One for students, which `other` made. */
  readonly invitation: number;
  /** Which the message has. */
  readonly file: number;
  /** The actor's, of three bytes, of which none has come. */
  readonly upload: number;
}

export interface ScenePeople {
  readonly actor: Person;
  /** Someone to whom something can be done. */
  readonly target: Person;
  /** Who asks to be let in. */
  readonly asking: Person;
  readonly banned: Person;
  /** A head beside the actor, who owns what is not the actor's. */
  readonly other: Person;
}

export interface SceneOptions {
  /** What the actor is in the class; undefined: no member. */
  readonly role: Role | undefined;
  readonly targetRole: Role;
  readonly isOwn: boolean;
  readonly obstacle: Obstacle | undefined;
  readonly threadsBy: 'students' | 'teachers';
}

/** Makes classes right in the database of a running server: thousands of requests would take too long. */
export class Town {
  readonly #db: Database;
  readonly #files: string;
  #made = 0;

  constructor(data: string) {
    this.#files = join(data, 'files');
    this.#db = new Database(databaseFile(data), { strict: true });
    this.#db.run('pragma busy_timeout = 5000');
  }

  make(people: ScenePeople, options: SceneOptions): Scene {
    return this.#db.transaction(() => this.#make(people, options))();
  }

  /**
   * All that there is to know of a scene, as text: equal where nothing has happened to it. Who was told what they had
   * asked for is not in it.
   */
  stateOf({ classroom, thread, message }: Scene): string {
    const rows = (text: string, ...values: number[]): unknown[] => this.#db.query(text).all(...values);
    return JSON.stringify([
      rows('select * from classes where id = ?', classroom),
      rows('select * from members where class_id = ? order by user_id', classroom),
      rows('select * from threads where class_id = ? order by id', classroom),
      rows('select * from messages where class = ? order by id', classroom),
      rows('select * from invitations where class_id = ? order by id', classroom),
      rows('select * from requests where class_id = ? order by user_id', classroom),
      rows('select * from bans where class_id = ? order by user_id', classroom),
      rows('select * from kept_mutes where class_id = ? order by user_id', classroom),
      rows('select * from reads where thread = ? order by user_id', thread),
      rows('select * from notify_levels where class_id = ? order by user_id, thread_id', classroom),
      rows('select * from starred where message = ? order by user_id', message),
      rows('select * from mentions where thread = ? order by user_id', thread),
      rows('select * from pictures where class_id = ?', classroom),
      rows('select * from files where class_id = ?', classroom),
      rows('select action, actor, user_id, detail from audit where class_id = ? order by id', classroom),
      rows('select message, kind from changes where message = ? order by kind', message),
    ]);
  }

  /** Whether something is so of a scene: what follows `from s join` in SQL, where `s` names its parts and its people. */
  holds({ classroom, thread, message, upload }: Scene, people: ScenePeople, what: string): boolean {
    const { actor, target, asking, banned } = people;
    const query = this.#db.query<{ n: number }, number[]>(
      `with s as (select ?1 as class, ?2 as thread, ?3 as message, ?4 as actor, ?5 as target, ?6 as asking, ?7 as banned,
         ?8 as upload)
       select count(*) as n from s join ${what}`,
    );
    const found = query.get(classroom, thread, message, actor.id, target.id, asking.id, banned.id, upload);
    return (found?.n ?? 0) > 0;
  }

  close(): void {
    this.#db.close();
  }

  #make(
    { actor, target, asking, banned, other }: ScenePeople,
    { role, targetRole, isOwn, obstacle, threadsBy }: SceneOptions,
  ): Scene {
    const insert = (text: string, ...values: (string | number | null)[]): number =>
      Number(this.#db.query(text).run(...values).lastInsertRowid);
    const at = (named: Obstacle): number | null => (obstacle === named ? 1 : null);
    const code = `CODE${this.#made + 1}`;
    const owner = isOwn ? actor : other;
    const classroom = insert(
      'insert into classes (name, code, date, archived, threads_by) values (?, ?, 1, ?, ?)',
      `Class ${++this.#made}`,
      code,
      at('class_archived'),
      threadsBy,
    );
    const member = (user: Person, as: Role, mutedUntil: number | null = null): void => {
      insert(
        'insert into members (class_id, user_id, role, date, muted_until) values (?, ?, ?, 1, ?)',
        classroom,
        user.id,
        as,
        mutedUntil,
      );
    };
    member(other, 'head');
    member(target, targetRole);
    if (role) member(actor, role, obstacle === 'muted' ? 4_000_000_000 : null);
    insert('insert into requests (class_id, user_id, date) values (?, ?, 1)', classroom, asking.id);
    const thread = insert(
      `insert into threads (class_id, creator, name, date, seq, messages, archived, read_only)
       values (?, ?, 'A thread', 1, 1, 1, ?, ?)`,
      classroom,
      owner.id,
      at('thread_archived'),
      at('thread_read_only'),
    );
    const message = insert(
      `insert into messages (thread, class, seq, number, speaker, speaker_name, type, content, date)
       values (?, ?, 1, 1, ?, ?, 'text', 'hello', 1)`,
      thread,
      classroom,
      owner.id,
      owner.name,
    );
    insert(
      'insert into bans (class_id, user_id, creator, date) values (?, ?, ?, 1)',
      classroom,
      banned.id,
      other.id,
    );
    insert(
      `insert into pictures (class_id, type, base64) values (?, 'image/png', 'iVBORw0KGgo=')`,
      classroom,
    );
    const invitation = insert(
      `insert into invitations (class_id, token, role, creator, date) values (?, ?, 'student', ?, 1)`,
      classroom,
      `token-${classroom}`,
      other.id,
    );
    const key = `${'0'.repeat(24)}${String(this.#made).padStart(8, '0')}`;
    const file = insert(
      `insert into files (class_id, uploader, name, size, key, begun, done, type, sha256, message)
       values (?, ?, 'a.txt', 3, ?, 1, 1, 'text/plain', 'abc', ?)`,
      classroom,
      owner.id,
      `${key}a`,
      message,
    );
    const folder = join(this.#files, key.slice(0, 2));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${key}a`), 'abc');
    // One has a few uploads at most that are not finished: those of earlier scenes are over.
    this.#db.run('delete from files where done is null');
    const upload = insert(
      'insert into files (class_id, uploader, name, size, key, begun) values (?, ?, ?, 3, ?, ?)',
      classroom,
      actor.id,
      'b.txt',
      `${key}b`,
      Math.floor(Date.now() / 1000),
    );
    return { classroom, code, thread, message, invitation, file, upload };
  }
}
