import { Database } from 'bun:sqlite';
import type { Obstacle, Role } from '@pokers/protocol/rights';
import { databaseFile } from '@pokers/server/store/sqlite/database';
import type { Person } from '../actors/people.ts';

/** A class of its own for each case, so that none finds what another left. */
export interface Scene {
  readonly classroom: number;
  readonly thread: number;
  readonly message: number;
}

export interface SceneOptions {
  readonly actor: Person;
  /** What the actor is in the class; undefined: no member. */
  readonly role: Role | undefined;
  /** Someone to whom something can be done. */
  readonly target: Person;
  readonly targetRole: Role;
  /** Who asks to be let in. */
  readonly asking: Person;
  /** A head beside the actor, who owns what is not the actor's. */
  readonly other: Person;
  readonly isOwn: boolean;
  readonly obstacle: Obstacle | undefined;
  readonly threadsBy: 'students' | 'teachers';
}

/** Makes classes right in the database of a running server: thousands of requests would take too long. */
export class Town {
  readonly #db: Database;
  #made = 0;

  constructor(data: string) {
    this.#db = new Database(databaseFile(data), { strict: true });
    this.#db.run('pragma busy_timeout = 5000');
  }

  make(options: SceneOptions): Scene {
    return this.#db.transaction(() => this.#make(options))();
  }

  roleOf(user: Person, { classroom }: Scene): string | undefined {
    return this.#db
      .query<{ role: string }, [number, number]>(
        'select role from members where user_id = ? and class_id = ?',
      )
      .get(user.id, classroom)?.role;
  }

  close(): void {
    this.#db.close();
  }

  #make({ actor, role, target, targetRole, asking, other, isOwn, obstacle, threadsBy }: SceneOptions): Scene {
    const insert = (text: string, ...values: (string | number | null)[]): number =>
      Number(this.#db.query(text).run(...values).lastInsertRowid);
    const at = (named: Obstacle): number | null => (obstacle === named ? 1 : null);
    const owner = isOwn ? actor : other;
    const classroom = insert(
      'insert into classes (name, code, date, archived, threads_by) values (?, ?, 1, ?, ?)',
      `Class ${++this.#made}`,
      `CODE${this.#made}`,
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
    return { classroom, thread, message };
  }
}
