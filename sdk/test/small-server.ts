import { ERRORS, type ErrorName } from '@pokers/protocol/codes';
import { LIMITS } from '@pokers/protocol/limits';
import type { Change, ChangeExtra } from '@pokers/protocol/message';
import type { Command } from '@pokers/protocol/v2';
import type { Server, ServerWebSocket } from 'bun';

interface Peer {
  readonly joined: Set<number>;
}

/** A real socket server on a free port that speaks v2, keeps all in memory, and can be told to misbehave. */
export class SmallServer {
  epoch = 'first';
  /** Who says hello; Ming is 1. */
  user = { id: 1, name: 'Ming' };
  readonly names = new Map([
    [1, 'Ming'],
    [2, 'Anna'],
    [3, 'Oscar'],
  ]);
  /** Every command that came, in order, over all connections. */
  readonly commands: Command[] = [];
  /** Connections so far. */
  dials = 0;
  /** While true, changes are stored but nobody hears of them. */
  withholds = false;
  /** Actions that get no answer. */
  readonly mute = new Set<string>();
  /** Actions that get this error, as often as it says. */
  readonly refuses = new Map<string, { error: ErrorName; times: number }>();
  /** Done before a command is answered, in the connection's turn. */
  delay: (command: Command) => Promise<void> = async () => {};
  /** Closes each new connection with this code at hello. */
  closesWith: number | undefined;

  readonly #server: Server<Peer>;
  readonly #sockets = new Set<ServerWebSocket<Peer>>();
  readonly #threads = new Map<number, { seq: number; messages: Map<number, Change> }>();
  readonly #nonces = new Map<string, Change>();
  #lastId = 0;

  constructor() {
    let turn = Promise.resolve();
    this.#server = Bun.serve<Peer>({
      port: 0,
      fetch: (request, server) =>
        server.upgrade(request, {
          data: { joined: new Set() },
          headers: { 'sec-websocket-protocol': 'pokers.v2' },
        })
          ? undefined
          : new Response('no socket', { status: 400 }),
      websocket: {
        open: (socket) => {
          this.dials++;
          this.#sockets.add(socket);
        },
        message: (socket, text) => {
          const command = JSON.parse(String(text)) as Command;
          this.commands.push(command);
          turn = turn.then(() => this.#answer(socket, command));
        },
        close: (socket) => {
          this.#sockets.delete(socket);
        },
      },
    });
  }

  get url(): string {
    return `http://localhost:${this.#server.port}`;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  commandsOf<A extends Command['action']>(action: A): Extract<Command, { action: A }>[] {
    return this.commands.filter((command) => command.action === action) as Extract<Command, { action: A }>[];
  }

  /** Someone says something in a thread. */
  say(thread: number, speaker: number, content: string): Change {
    return this.change(thread, ++this.#lastId, speaker, content);
  }

  /** The state of a message becomes another; 0 deletes it. */
  change(thread: number, id: number, speaker: number, content: string | 0): Change {
    const log = this.#log(thread);
    const change: Change = [++log.seq, id, speaker, 1_700_000_000 + id, content];
    log.messages.set(id, change);
    if (!this.withholds) this.publish(thread, [change]);
    return change;
  }

  publish(thread: number, e: readonly Change[], s?: number): void {
    this.send({ op: 'ev', t: thread, e, s }, thread);
  }

  /** Sends a frame as it is to everyone, or to everyone in a thread. */
  send(frame: unknown, thread?: number): void {
    for (const socket of this.#sockets) {
      if (thread === undefined || socket.data.joined.has(thread)) {
        socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
      }
    }
  }

  seq(thread: number): number {
    return this.#log(thread).seq;
  }

  /** The present states of a thread's messages, oldest first. */
  messages(thread: number): Change[] {
    return [...this.#log(thread).messages.values()].sort((a, b) => a[1] - b[1]);
  }

  /** Another database, with other messages. */
  replace(epoch: string): void {
    this.epoch = epoch;
    this.#threads.clear();
    this.#nonces.clear();
  }

  /** All lines break, without a goodbye. */
  cut(): void {
    for (const socket of [...this.#sockets]) socket.terminate();
  }

  closeAll(code: number, reason = ''): void {
    for (const socket of [...this.#sockets]) socket.close(code, reason);
  }

  stop(): Promise<void> {
    return this.#server.stop(true);
  }

  #log(thread: number): { seq: number; messages: Map<number, Change> } {
    const log = this.#threads.get(thread) ?? { seq: 0, messages: new Map<number, Change>() };
    this.#threads.set(thread, log);
    return log;
  }

  async #answer(socket: ServerWebSocket<Peer>, command: Command): Promise<void> {
    const { action, ref } = command;
    if (this.mute.has(action)) return;
    if (action === 'hello' && this.closesWith) return socket.close(this.closesWith);
    const refusal = this.refuses.get(action);
    if (refusal && refusal.times-- > 0) {
      const { code, message } = ERRORS[refusal.error];
      socket.send(JSON.stringify({ op: 'error', ref, code, error: refusal.error, msg: message }));
      return;
    }
    const answer = this.#run(socket, command);
    await this.delay(command);
    socket.send(JSON.stringify({ op: action, ref, ...answer }));
  }

  #run(socket: ServerWebSocket<Peer>, command: Command): object {
    switch (command.action) {
      case 'hello':
        return { user: this.user.id, name: this.user.name, epoch: this.epoch, time: 1_700_000_000 };
      case 'join':
        socket.data.joined.add(command.thread);
        return { thread: command.thread, seq: this.seq(command.thread) };
      case 'leave':
        socket.data.joined.delete(command.thread);
        return { thread: command.thread };
      case 'post':
        return this.#post(command);
      case 'history':
        return this.#history(command);
      case 'resume':
        return this.#resume(command);
      case 'edit':
      case 'delete':
      case 'react':
      case 'pin':
        return this.#change(command);
      case 'read':
        return { thread: command.thread, unread: 0, mentions: 0 };
      case 'star':
        return { message: command.message, on: command.on };
      case 'watch':
        return { on: command.on };
      case 'typing':
        return { thread: command.thread };
      case 'presence':
        return { class: command.class, here: [], count: 0 };
      case 'ping':
        return {};
    }
  }

  /** With a nonce that was used before nothing changes. */
  #change(command: Extract<Command, { action: 'edit' | 'delete' | 'react' | 'pin' }>): object {
    const [thread, log] = [...this.#threads].find(([, { messages }]) => messages.has(command.message)) ?? [];
    const present = log?.messages.get(command.message);
    if (thread === undefined || !log || !present) throw new Error(`There is no message ${command.message}.`);
    const [, id, speaker, date, content, extra] = present;
    if (this.#nonces.has(command.nonce)) return { id, seq: present[0] };
    const next: Change = [
      ++log.seq,
      id,
      speaker,
      date,
      command.action === 'delete' ? 0 : command.action === 'edit' ? command.content : content,
      this.#extra(command, extra),
    ];
    log.messages.set(id, next);
    this.#nonces.set(command.nonce, next);
    if (!this.withholds) this.publish(thread, [next]);
    return { id, seq: log.seq };
  }

  #extra(
    command: Extract<Command, { action: 'edit' | 'delete' | 'react' | 'pin' }>,
    extra: ChangeExtra = {},
  ): ChangeExtra {
    if (command.action === 'delete') return {};
    if (command.action === 'edit') return { ...extra, ed: 1_700_000_100 };
    const { pin: _, re = [], ...rest } = extra;
    if (command.action === 'pin') return { ...rest, re, ...(command.on && { pin: 1_700_000_200 }) };
    const others = re.filter(([emoji]) => emoji !== command.emoji);
    return { ...extra, re: command.on ? [...others, [command.emoji, 1, [this.user.id]]] : others };
  }

  #post({ thread, content, nonce }: Extract<Command, { action: 'post' }>): object {
    const stored = this.#nonces.get(nonce) ?? this.say(thread, this.user.id, content);
    this.#nonces.set(nonce, stored);
    return { id: stored[1], seq: stored[0], date: stored[3] };
  }

  #history({ thread, before, limit }: Extract<Command, { action: 'history' }>): object {
    const all = this.messages(thread).filter((change) => before === undefined || change[1] < before);
    const messages = all.slice(-(limit ?? LIMITS.historyPageDefault));
    const more = messages.length < all.length;
    return { thread, messages, names: this.#namesIn(messages), more, seq: this.seq(thread) };
  }

  #resume({ thread, after }: Extract<Command, { action: 'resume' }>): object {
    const all = this.messages(thread).filter((change) => change[0] > after);
    const changes = all.sort((a, b) => a[0] - b[0]).slice(0, LIMITS.resumePage);
    const more = changes.length === LIMITS.resumePage;
    const seq = more ? (changes.at(-1)?.[0] ?? after) : this.seq(thread);
    return { thread, changes, names: this.#namesIn(changes), more, seq };
  }

  #namesIn(changes: readonly Change[]): Record<string, string> {
    return Object.fromEntries(changes.map(([, , speaker]) => [speaker, this.names.get(speaker) ?? '']));
  }
}
