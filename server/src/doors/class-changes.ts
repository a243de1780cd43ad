import type { ClassChanged } from '../bus/bus.ts';
import { refusalInThread } from '../chat/access.ts';
import type { Chat } from '../chat/chat.ts';
import { PokersError } from '../errors.ts';
import type { Connection } from '../hub/connection.ts';
import type { Hub } from '../hub/hub.ts';
import type { Roster } from '../hub/roster.ts';
import { memberIds } from '../store/members.ts';
import type { User } from '../store/store.ts';

/** Changes of one class that come within so many ms of another are looked at together. */
const GATHER_MS = 100;

export interface ClassChangesParts {
  readonly chat: Chat;
  readonly hub: Hub;
  readonly open: Roster;
  /** Whom a connection speaks for, be it on its word only. */
  readonly speaker: (connection: Connection) => User | undefined;
  readonly onError: (error: unknown) => void;
}

/** What waits to be looked at in a class: these users, who may be no members any more, and maybe all of its members. */
interface About {
  all: boolean;
  readonly users: Set<number>;
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

  /** What somebody may hear who is believed without a session, since no end of a session ends that. */
  accountChanged(user: number): void {
    const { open, hub, speaker } = this.#parts;
    for (const connection of open) {
      if (connection.session || speaker(connection)?.id !== user) continue;
      for (const classroom of hub.classesOf(connection)) this.changed({ class: classroom, user });
    }
  }

  /** Changes may have been missed: every connection's rights are looked at. */
  lookAtAll(): void {
    const { open, hub, speaker } = this.#parts;
    for (const connection of open) {
      const user = speaker(connection)?.id;
      if (user === undefined) continue;
      for (const classroom of hub.classesOf(connection)) this.changed({ class: classroom, user });
    }
  }

  async #look(): Promise<void> {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [classroom, about] of waiting) {
      try {
        await this.#lookAt(classroom, about);
      } catch (error) {
        // What ended has not been ended for everyone: it is looked at until the store answers.
        this.#parts.onError(error);
        if (about.all) this.changed({ class: classroom });
        for (const user of about.users) this.changed({ class: classroom, user });
      }
    }
  }

  async #lookAt(classroom: number, { all, users }: About): Promise<void> {
    const { chat, hub, open, speaker } = this.#parts;
    const concerned = all ? users.union(await memberIds(chat.store, classroom)) : users;
    for (const connection of open) {
      const user = speaker(connection);
      const threads = user && hub.threadsOf(connection, classroom);
      if (!user || !threads || (threads.length === 0 && !concerned.has(user.id))) continue;
      if (all || users.has(user.id)) await this.#endWhatEnded(connection, user, threads);
      if (connection.greeted && concerned.has(user.id))
        connection.send(JSON.stringify({ op: 'class', class: classroom }));
    }
  }

  async #endWhatEnded(connection: Connection, user: User, threads: readonly number[]): Promise<void> {
    const { hub } = this.#parts;
    for (const thread of threads) {
      const error = await this.#refusal(connection, user, thread);
      if (!error) continue;
      hub.leave(connection, thread);
      if (connection.dialect === 'v2')
        connection.send(JSON.stringify({ op: 'left', thread, ...error.toJSON() }));
    }
  }

  /** Why the connection may hear a thread no longer. */
  async #refusal(connection: Connection, user: User, id: number): Promise<PokersError | undefined> {
    const { chat } = this.#parts;
    if (!(await chat.store.user(user.id))) return new PokersError('account_disabled');
    const thread = await chat.store.thread(id);
    const membership = thread && (await chat.store.membership(user.id, thread.class));
    const actor = { ...user, scopes: connection.session?.scopes };
    return refusalInThread(chat, actor, 'listen', thread, membership);
  }
}
