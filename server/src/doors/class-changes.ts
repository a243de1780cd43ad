import type { Here } from '../asides/here.ts';
import type { ClassChanged } from '../bus/bus.ts';
import { refusalInThread } from '../chat/access.ts';
import type { Chat } from '../chat/chat.ts';
import type { Connection } from '../hub/connection.ts';
import type { Hub } from '../hub/hub.ts';
import type { Roster } from '../hub/roster.ts';
import { membershipsIn } from '../store/members.ts';
import type { Membership, ThreadInClass, User } from '../store/store.ts';

/** Changes of one class that come within so many ms of another are looked at together. */
const GATHER_MS = 100;

export interface ClassChangesParts {
  readonly chat: Chat;
  readonly hub: Hub;
  readonly open: Roster;
  readonly here: Here;
  /** Whom a connection speaks for, be it on its word only. */
  readonly speaker: (connection: Connection) => User | undefined;
  readonly onError: (error: unknown) => void;
}

/** What waits to be looked at in a class: these users, who may be no members any more, and maybe all of its members. */
interface About {
  all: boolean;
  readonly users: Set<number>;
}

/** A class that is looked at: whom the change concerned, and those who are members now. */
interface Looked {
  readonly classroom: number;
  readonly users: ReadonlySet<number>;
  readonly members: ReadonlyMap<number, Membership>;
}

/**
 * Ends what a connection hears where the right to it has ended, and tells v2 connections that their class is another.
 * What holds now is asked of the store, so it does not matter in which order the changes come, or how often.
 */
export class ClassChanges {
  readonly #parts: ClassChangesParts;
  readonly #waiting = new Map<number, About>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: ClassChangesParts) {
    this.#parts = parts;
  }

  changed({ class: classroom, user }: Omit<ClassChanged, 'kind'>): void {
    const about = this.#waiting.get(classroom) ?? { all: false, users: new Set() };
    if (user === undefined) about.all = true;
    else about.users.add(user);
    this.#waiting.set(classroom, about);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#look().catch(this.#parts.onError);
    }, GATHER_MS);
  }

  /**
   * What somebody may hear who is believed without a session, since no end of a session ends that; without a user, what
   * all of those may.
   */
  accountChanged(changed?: number): void {
    const { open, hub, speaker } = this.#parts;
    for (const connection of open) {
      const user = connection.session ? undefined : speaker(connection)?.id;
      if (user === undefined || (changed !== undefined && user !== changed)) continue;
      for (const classroom of hub.classesOf(connection)) this.changed({ class: classroom, user });
    }
  }

  /** Changes may have been missed: every connection's rights are looked at. */
  lookAtAll(): void {
    const { open, hub, speaker } = this.#parts;
    for (const connection of open) {
      const user = speaker(connection)?.id;
      if (user === undefined) continue;
      const { classes = [], here } = connection.watching ?? {};
      const heard = new Set([...hub.classesOf(connection), ...classes]);
      if (here !== undefined) heard.add(here);
      for (const classroom of heard) this.changed({ class: classroom, user });
    }
  }

  async #look(): Promise<void> {
    const waiting = new Map(this.#waiting);
    this.#waiting.clear();
    try {
      await this.#lookAt(waiting);
    } catch (error) {
      // What ended has not been ended for everyone: it is looked at until the store answers.
      this.#parts.onError(error);
      for (const [classroom, { all, users }] of waiting) {
        if (all) this.changed({ class: classroom });
        for (const user of users) this.changed({ class: classroom, user });
      }
    }
  }

  /** The store is asked once for each class and thread, and not for each of what may be thousands of connections. */
  async #lookAt(waiting: ReadonlyMap<number, About>): Promise<void> {
    const { chat, hub, open, speaker } = this.#parts;
    const { store } = chat;
    const whole: Looked[] = [];
    const ofUser = new Map<number, Looked[]>();
    for (const [classroom, { all, users }] of waiting) {
      const members = await membershipsIn(store, classroom, all ? undefined : users);
      const looked = { classroom, users, members };
      if (all) whole.push(looked);
      else for (const user of users) ofUser.set(user, [...(ofUser.get(user) ?? []), looked]);
    }
    const threads = new Map<number, ThreadInClass | undefined>();
    const threadBy = async (id: number): Promise<ThreadInClass | undefined> => {
      if (!threads.has(id)) threads.set(id, await store.thread(id));
      return threads.get(id);
    };
    for (const connection of open) {
      const user = speaker(connection);
      if (!user) continue;
      for (const looked of [...whole, ...(ofUser.get(user.id) ?? [])]) {
        const { classroom, users, members } = looked;
        const membership = members.get(user.id);
        this.#watchAnew(connection, classroom, membership !== undefined);
        for (const id of hub.threadsOf(connection, classroom))
          this.#endIfEnded(connection, user, id, await threadBy(id), membership);
        // Who is out hears of it, too.
        if (connection.greeted && (membership || users.has(user.id)))
          connection.send(JSON.stringify({ op: 'class', class: classroom }));
      }
    }
  }

  /** Of a class that its user has entered a connection hears what the others do, and of one that they left nothing. */
  #watchAnew(connection: Connection, classroom: number, isMember: boolean): void {
    if (!isMember) this.#parts.here.lookAway(connection, classroom);
    const { classes } = connection.watching ?? {};
    if (!classes || classes.includes(classroom) === isMember) return;
    const others = classes.filter((watched) => watched !== classroom);
    connection.watching = { ...connection.watching, classes: isMember ? [...others, classroom] : others };
  }

  #endIfEnded(
    connection: Connection,
    user: User,
    id: number,
    thread: ThreadInClass | undefined,
    membership: Membership | undefined,
  ): void {
    const { chat, hub } = this.#parts;
    const actor = { ...user, scopes: connection.session?.scopes };
    const error = refusalInThread(chat, actor, 'listen', thread, membership);
    if (!error) return;
    hub.leave(connection, id);
    if (connection.dialect === 'v2')
      connection.send(JSON.stringify({ op: 'left', thread: id, ...error.toJSON() }));
  }
}
