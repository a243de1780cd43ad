import { LIMITS } from '@pokers/protocol/limits';
import { type Message, toChange } from '@pokers/protocol/message';
import { COMMANDS, type Command, type CommandName, type Reply } from '@pokers/protocol/v2';
import type { Accounts } from '../accounts/accounts.ts';
import type { Session } from '../accounts/session-reader.ts';
import type { Asides } from '../asides/asides.ts';
import { type Actor, inClass, inThread } from '../chat/access.ts';
import type { Chat } from '../chat/chat.ts';
import { deleteMessage } from '../chat/delete-message.ts';
import { editMessage } from '../chat/edit-message.ts';
import { markRead } from '../chat/mark-read.ts';
import { pinMessage } from '../chat/pin-message.ts';
import { postMessage } from '../chat/post-message.ts';
import { react } from '../chat/react.ts';
import { readHistory } from '../chat/read-history.ts';
import { changesAfter } from '../chat/resume.ts';
import { starMessage } from '../chat/star-message.ts';
import { watchClasses } from '../chat/watch-classes.ts';
import { PokersError } from '../errors.ts';
import type { Connection } from '../hub/connection.ts';
import type { Hub } from '../hub/hub.ts';
import type { Guards } from '../limits/guards.ts';
import type { User } from '../store/store.ts';
import type { Door } from './door.ts';
import { invalidInput } from './invalid-input.ts';
import type { OwnNews } from './own-news.ts';

/** What a handler answers: the reply without `op` and `ref`, which are the command's own. */
type Answer<N extends CommandName> = Omit<Extract<Reply, { op: N }>, 'op' | 'ref'>;

type Handlers = {
  [N in Exclude<CommandName, 'hello' | 'ping'>]: (
    user: Actor,
    command: Command<N>,
    connection: Connection,
  ) => Promise<Answer<N>>;
};

/** Commands that write, and so are counted as changes. */
const CHANGES: ReadonlySet<CommandName> = new Set(['post', 'edit', 'delete', 'react', 'pin', 'star', 'read']);

/** Strangers are looked at every second; the other one is for a server that is busy just then. */
const MARGIN_SECONDS = 2;

export interface V2DoorParts {
  readonly chat: Chat;
  readonly hub: Hub;
  readonly accounts: Accounts;
  readonly guards: Guards;
  readonly news: OwnNews;
  readonly asides: Asides;
  readonly onSignedIn: (connection: Connection) => void;
  /** Faults of ours: the client gets `internal`, this gets the truth. */
  readonly onError: (error: unknown) => void;
}

/** The way in for our own clients: subprotocol `pokers.v2`. */
export class V2Door implements Door {
  readonly #parts: V2DoorParts;
  readonly #handlers: Handlers;
  /** Connections that have not said hello yet, and since when they are there, in ms since 1970. */
  readonly #strangers = new Map<Connection, number>();

  constructor(parts: V2DoorParts) {
    this.#parts = parts;
    this.#handlers = handlersOf(parts);
  }

  opened(connection: Connection): void {
    this.#strangers.set(connection, Date.now());
  }

  /** Closes those who will not have said hello in time: to be called every second. */
  sweep(): void {
    const latest = Date.now() - (LIMITS.helloSeconds - MARGIN_SECONDS) * 1000;
    for (const [connection, since] of this.#strangers) {
      if (!connection.isOpen || connection.greeted) this.#strangers.delete(connection);
      else if (since <= latest) connection.close('silent');
    }
  }

  async received(connection: Connection, frame: string | undefined): Promise<void> {
    let ref: number | undefined;
    try {
      const fields = fieldsOf(frame);
      ref = refOf(fields);
      const command = commandOf(fields);
      const answer = await this.#run(connection, command);
      connection.send(JSON.stringify({ op: command.action, ref, ...answer }));
    } catch (error) {
      if (!(error instanceof PokersError)) this.#parts.onError(error);
      const known = error instanceof PokersError ? error : new PokersError('internal');
      connection.send(JSON.stringify({ op: 'error', ref, ...known.toJSON() }));
      if (known.error === 'sign_in_required') connection.close('sign_in_required');
    }
  }

  #run(connection: Connection, command: Command): Promise<object> | object {
    if (command.action === 'ping') return {};
    if (command.action === 'hello') return this.#hello(connection, command);
    if (!connection.greeted || !connection.user) throw new PokersError('hello_required');
    if (CHANGES.has(command.action)) this.#parts.guards.pace.change(connection.user.id);
    // Name and handler belong together by the type of `Handlers`; TypeScript does not follow that over a union.
    const handler = this.#handlers[command.action] as (
      user: Actor,
      command: Command,
      at: Connection,
    ) => Promise<object>;
    return handler(actorOf(connection.user, connection), command, connection);
  }

  /** Who one is cannot change during a connection; saying hello again answers the same. */
  async #hello(connection: Connection, { token, lean }: Command<'hello'>): Promise<Answer<'hello'>> {
    const { accounts, chat } = this.#parts;
    if (token && !connection.greeted && connection.isOpen) {
      const session = await accounts.sessionOfToken(token);
      if (connection.isOpen) this.#signIn(connection, session);
      this.#parts.onSignedIn(connection);
    }
    const { user } = connection;
    if (!user) throw new PokersError('sign_in_required');
    if (!connection.greeted) connection.isLean = lean === true;
    connection.greeted = true;
    this.#strangers.delete(connection);
    return { user: user.id, name: user.name, epoch: chat.store.epoch, time: chat.now() };
  }

  /** The token's session takes the place of the one that the upgrade came with. @throws too_many */
  #signIn(connection: Connection, session: Session | undefined): void {
    const { admission } = this.#parts.guards;
    const { presence } = this.#parts.asides;
    const { user: before } = connection;
    if (session) admission.enterAs(session.user.id);
    if (before) admission.leaveAs(before.id);
    if (session) presence.came(session.user.id);
    if (before) presence.left(before.id);
    connection.signIn(session);
  }
}

function actorOf({ id, name }: User, { session, address }: Connection): Actor {
  return { id, name, scopes: session?.scopes, address };
}

function handlersOf({ chat, hub, guards, news, asides }: V2DoorParts): Handlers {
  return {
    async join(user, { thread: id }, connection) {
      const { thread } = await inThread(chat, user, 'listen', id);
      if (!connection.threads.includes(id) && connection.threads.length >= LIMITS.joinsPerConnection) {
        throw new PokersError(
          'limit_reached',
          `at most ${LIMITS.joinsPerConnection} threads on one connection`,
        );
      }
      const seq = await hub.join(connection, thread);
      try {
        await inThread(chat, user, 'listen', id); // the right may have ended before the hub knew of us
      } catch (error) {
        hub.leave(connection, id);
        throw error;
      }
      return { thread: id, seq };
    },

    async leave(_user, { thread }, connection) {
      hub.leave(connection, thread);
      return { thread };
    },

    async post(user, { action: _action, ref: _ref, ...post }) {
      guards.pace.post(user.id, post.thread);
      const { id, seq, date } = await postMessage(chat, user, post);
      return { id, seq, date: date ?? 0 };
    },

    edit: async (user, command) => changed(await editMessage(chat, user, command)),
    delete: async (user, command) => changed(await deleteMessage(chat, user, command)),
    react: async (user, command) => changed(await react(chat, user, command)),
    pin: async (user, command) => changed(await pinMessage(chat, user, command)),

    async star(user, { message, on }, connection) {
      await starMessage(chat, user, { message, on });
      news.tell(user.id, { op: 'starred', message, on }, connection);
      return { message, on };
    },

    async read(user, { thread, message }, connection) {
      const { unread, mentions, read } = await markRead(chat, user, { thread, message });
      news.tell(user.id, { op: 'seen', thread, message: read ?? message, unread, mentions }, connection);
      return { thread, unread, mentions };
    },

    async history(user, query) {
      const { messages, ...page } = await readHistory(chat, user, query);
      return { thread: query.thread, messages: messages.map(toChange), names: namesIn(messages), ...page };
    },

    async resume(user, query, connection) {
      const { thread } = await inThread(chat, user, 'see_class', query.thread);
      const recent = hub.recentChanges(connection, query.thread, query.after);
      const { changes, more, seq } = recent
        ? { ...recent, more: false }
        : await changesAfter(chat.store, thread, query);
      return { thread: query.thread, changes: changes.map(toChange), names: namesIn(changes), more, seq };
    },

    async watch(user, { on }, connection) {
      await watchClasses(chat, user, connection, on);
      return { on };
    },

    async typing(user, { thread }) {
      await inThread(chat, user, 'post', thread);
      asides.typing.types(user, thread);
      return { thread };
    },

    async presence(user, { class: id, on }, connection) {
      await inClass(chat, user, 'see_members', id);
      if (!on) asides.here.lookAway(connection, id);
      else {
        asides.here.look(connection, id);
        try {
          await inClass(chat, user, 'see_members', id); // the right may have ended before anyone knew that we look
        } catch (error) {
          asides.here.lookAway(connection, id);
          throw error;
        }
      }
      return { class: id, ...(await asides.here.of(id)) };
    },
  };
}

function changed({ id, seq }: Message): { id: number; seq: number } {
  return { id, seq };
}

function namesIn(messages: readonly Message[]): Record<string, string> {
  return Object.fromEntries(messages.map(({ speaker, speaker_name }) => [speaker, speaker_name]));
}

type Fields = Readonly<Record<string, unknown>>;

/** @throws bad_request where the frame is not a JSON object in text */
function fieldsOf(frame: string | undefined): Fields {
  if (frame === undefined) throw new PokersError('bad_request', 'send text frames, not binary ones');
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    throw new PokersError('bad_request', 'the frame is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PokersError('bad_request', 'the frame is not a JSON object');
  }
  return value as Fields;
}

/** An error, too, carries the ref, if there is a usable one. */
function refOf({ ref }: Fields): number | undefined {
  return typeof ref === 'number' && Number.isSafeInteger(ref) && ref >= 0 ? ref : undefined;
}

/** @throws unknown_action, bad_request, too_long */
function commandOf(fields: Fields): Command {
  const { action } = fields;
  if (typeof action !== 'string' || !Object.hasOwn(COMMANDS, action)) throw new PokersError('unknown_action');
  const parsed = COMMANDS[action as CommandName].safeParse(fields);
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}
