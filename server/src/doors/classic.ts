import {
  CLASSIC_CONNECT,
  CLASSIC_FAILURES,
  CLASSIC_KEEP,
  CLASSIC_SENT_OK,
  type ClassicFailure,
  classicId,
  classicJoined,
  isClassicEmpty,
} from '@pokers/protocol/classic';
import { LIMITS } from '@pokers/protocol/limits';
import { refusalInThread } from '../chat/access.ts';
import { announceMessage } from '../chat/announce-message.ts';
import type { Chat } from '../chat/chat.ts';
import type { Connection } from '../hub/connection.ts';
import type { Hub, Publish } from '../hub/hub.ts';
import type { Pace } from '../limits/pace.ts';
import type { Membership, Thread, ThreadInClass, User } from '../store/store.ts';
import type { Door } from './door.ts';

/** Every classic connection subscribes to this, for the heartbeat. */
const ALL_CLASSIC = 'classic';

type Fields = Readonly<Record<string, unknown>>;

interface ClassicRequest {
  readonly action: unknown;
  readonly thread: Thread;
  /** The thread's id as the client wrote it. */
  readonly writtenThread: string | number;
  readonly speaker: User;
  readonly mesId: unknown;
}

export interface ClassicDoorParts {
  readonly chat: Chat;
  readonly hub: Hub;
  readonly publish: Publish;
  readonly pace: Pace;
  readonly trusting: boolean;
}

/**
 * The way in for clients of the original. With `trusting`, a frame's speaker is believed as the original believed it;
 * without, it must be the session's own user. What is beyond a limit is answered as a bad request (104): the original
 * had no code for it.
 */
export class ClassicDoor implements Door {
  readonly #chat: Chat;
  readonly #hub: Hub;
  readonly #publish: Publish;
  readonly #pace: Pace;
  readonly #trusting: boolean;
  /** Who connections without a session said last that they are. */
  readonly #believed = new WeakMap<Connection, User>();

  constructor({ chat, hub, publish, pace, trusting }: ClassicDoorParts) {
    this.#chat = chat;
    this.#hub = hub;
    this.#publish = publish;
    this.#pace = pace;
    this.#trusting = trusting;
  }

  opened(connection: Connection): void {
    connection.subscribe(ALL_CLASSIC);
    connection.send(CLASSIC_CONNECT);
  }

  /** Whom a connection speaks for on its word alone. */
  believed(connection: Connection): User | undefined {
    return this.#believed.get(connection);
  }

  /** The heartbeat: to be called every `CLASSIC_KEEP_SECONDS`. */
  keep(): void {
    this.#publish(ALL_CLASSIC, CLASSIC_KEEP);
  }

  async received(connection: Connection, frame: string | undefined): Promise<void> {
    const checked = await this.#check(connection, fieldsOf(frame));
    if (typeof checked === 'string') return connection.send(CLASSIC_FAILURES[checked]);
    if (checked.action === 'join') return this.#join(connection, checked);
    await this.#send(connection, checked);
  }

  /** The original's checks in the original's order: the first that fails is the answer. */
  async #check(connection: Connection, fields: Fields): Promise<ClassicRequest | ClassicFailure> {
    const { thread_id, class_id, speaker, speaker_name, action, mes_id } = fields;
    if ([thread_id, class_id, speaker, speaker_name].some(isClassicEmpty)) return 'bad_request';
    const { store } = this.#chat;

    const classId = classicId(class_id);
    if (!classId || !(await store.classroom(classId))) return 'class_not_found';

    const threadId = classicId(thread_id);
    const thread = threadId ? await store.thread(threadId) : undefined;
    if (thread?.class !== classId) return 'thread_not_found';

    const user = await this.#speaker(connection, classicId(speaker), speaker_name);
    const membership = user && (await store.membership(user.id, classId));
    if (!user || !membership) return 'not_a_member';

    if (action !== 'join' && action !== 'send') return 'unknown_action';
    const command = action === 'join' ? 'listen' : 'announce';
    if (!this.#may(connection, user, command, thread, membership)) return 'not_a_member';
    return { action, thread, writtenThread: thread_id as string | number, speaker: user, mesId: mes_id };
  }

  /** The protocol has no word for who is in the class and may not: to its clients they are as good as not in it. */
  #may(
    { session }: Connection,
    user: User,
    command: 'listen' | 'announce',
    thread: ThreadInClass | undefined,
    membership: Membership | undefined,
  ): boolean {
    const actor = { ...user, scopes: session?.scopes };
    return refusalInThread(this.#chat, actor, command, thread, membership) === undefined;
  }

  async #speaker(connection: Connection, id: number | undefined, name: unknown): Promise<User | undefined> {
    if (id === undefined || (!this.#trusting && connection.user?.id !== id)) return undefined;
    if (typeof name !== 'string' && typeof name !== 'number') return undefined;
    const user = await this.#chat.store.user(id);
    return user && user.name.toLowerCase() === String(name).toLowerCase() ? user : undefined;
  }

  /** The protocol has no word for too many threads on one connection; the original's clients join one. */
  async #join(connection: Connection, { thread, writtenThread, speaker }: ClassicRequest): Promise<void> {
    const isNew = !connection.threads.includes(thread.id);
    if (isNew && connection.threads.length >= LIMITS.joinsPerConnection) {
      return connection.send(CLASSIC_FAILURES.bad_request);
    }
    if (!connection.user) this.#believed.set(connection, speaker);
    await this.#hub.join(connection, thread);
    // The right may have ended before the hub knew of us.
    const { store } = this.#chat;
    const now = await store.thread(thread.id);
    const membership = now && (await store.membership(speaker.id, now.class));
    if (!this.#may(connection, speaker, 'listen', now, membership)) {
      this.#hub.leave(connection, thread.id);
      return connection.send(CLASSIC_FAILURES.not_a_member);
    }
    connection.send(classicJoined(writtenThread));
  }

  async #send(connection: Connection, { thread, speaker, mesId }: ClassicRequest): Promise<void> {
    if (!this.#pace.mayAnnounce(speaker.id, thread.id)) return connection.send(CLASSIC_FAILURES.bad_request);
    connection.send(CLASSIC_SENT_OK);
    const id = classicId(mesId);
    const message = id ? await this.#chat.store.message(id) : undefined;
    const isTheirs =
      message?.speaker === speaker.id && message.thread === thread.id && message.deleted === null;
    if (!message || !isTheirs) return connection.send(CLASSIC_FAILURES.message_not_found);
    announceMessage(this.#chat, message);
  }
}

/** What is not a JSON object is like an object in which nothing is present. */
function fieldsOf(frame: string | undefined): Fields {
  if (frame === undefined) return {};
  try {
    const value: unknown = JSON.parse(frame);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
  } catch {
    return {};
  }
}
