import { retryAfterMs, shouldReconnect } from '@pokers/protocol/codes';
import type { Aside, CommandName, Reply, Seen } from '@pokers/protocol/v2';
import { Backoff, type BackoffRange } from './backoff.ts';
import { Channels } from './channels.ts';
import { DEFAULTS } from './defaults.ts';
import { Emitter } from './emitter.ts';
import { PokersError } from './errors.ts';
import { HttpApi } from './http-api.ts';
import { Line, type Question } from './line.ts';
import { IndexedDbOutboxStore } from './outbox/indexed-db-store.ts';
import { MemoryOutboxStore } from './outbox/memory-store.ts';
import { Outbox } from './outbox/outbox.ts';
import { OutboxQueue } from './outbox/outbox-queue.ts';
import type { OutboxStore } from './outbox/store.ts';
import { Quiet } from './quiet.ts';
import type { ThreadChannel } from './thread-channel.ts';

/**
 * idle: not started; connecting; connected: the hello was answered; waiting: the line broke, and the next try has its
 * time; closed: by us, or by the server with a code that says not to come back. connect() starts again from closed.
 */
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'waiting' | 'closed';

export interface ClientOptions {
  /** The server's http(s) address: `location.origin`, or `http://localhost:2000`. */
  readonly url: string;
  /** A session's bearer token, for programs; browsers have the cookie. */
  readonly token?: string;
  /** Default: the runtime's own. */
  readonly WebSocket?: typeof WebSocket;
  /** Default: the runtime's own. */
  readonly fetch?: (input: string, init?: RequestInit) => Promise<Response>;
  /** Ceilings of the wait before a reconnect; default 500 ms to 30 s. */
  readonly backoff?: BackoffRange;
  /**
   * Where posts and changes are kept until they are answered. Default: in browsers IndexedDB, which all pages share and
   * which outlives them; elsewhere memory. Programs that must not lose them over a restart give a FileOutboxStore.
   */
  readonly outbox?: OutboxStore;
  /** 0 to 1, for the jitter of the back-off; default Math.random. */
  readonly random?: () => number;
}

export type ClientEvents = {
  state: (state: ConnectionState) => void;
  /** The server's database was replaced: all channels have dropped their messages and load anew; each emits `reset`. */
  epoch: (epoch: string) => void;
  /** A class of the user is another: its settings, threads or members, or what the user is in it. Ask anew. */
  class: (id: number) => void;
  /** The user has read a thread up to a message, on another connection of theirs. */
  seen: (seen: Omit<Seen, 'op'>) => void;
  /** The user has starred a message on another connection, or no longer. */
  starred: (message: number, on: boolean) => void;
  /** How many messages some threads have now that have no open channel here. After watch(). */
  news: (threads: readonly ThreadNews[]) => void;
  /** Some people type in a thread whose channel is open, maybe the user among them: `followTypists()` keeps the list. */
  typists: (thread: number, people: readonly (readonly [id: number, name: string])[]) => void;
  /** Members of a class came or went: `followWhoIsHere()` keeps the list. */
  here: (id: number, came: readonly number[], left: readonly number[]) => void;
  /** It is over, by close() (code 1000) or by a close code of the server that says not to come back. */
  closed: (code: number, reason: string) => void;
};

/** Of a thread of a class of the user's: how many messages it has. */
export interface ThreadNews {
  readonly class: number;
  readonly thread: number;
  readonly messages: number;
  /** How many of those that are new mention the user, or everyone. */
  readonly mentions: number;
}

/** A connection to a Pokers server that comes back by itself, and what is read and said over it. */
export class PokersClient {
  readonly http: HttpApi;
  /** What was written and not answered yet. */
  readonly outbox: Outbox;
  /** Undefined in runtimes without one, as Node before 22. */
  readonly #Socket: typeof WebSocket | undefined;
  readonly #socketUrl: string;
  readonly #events = new Emitter<ClientEvents>();
  readonly #backoff: Backoff;
  readonly #outbox: OutboxQueue;
  readonly #channels: Channels;
  readonly #quiet = new Quiet();
  #isWatching = false;
  #state: ConnectionState = 'idle';
  #line: Line | undefined;
  #hello: Reply<'hello'> | undefined;
  #connectedAt = 0;
  #retry: { readonly at: number; readonly timer: ReturnType<typeof setTimeout> } | undefined;
  /** Those who called connect() and wait for the first hello. */
  #waiters: { readonly resolve: () => void; readonly reject: (error: PokersError) => void }[] = [];
  readonly #onOnline = () => this.#cameOnline();
  readonly #onOffline = () => this.#wentOffline();
  readonly #onVisible = () => this.#becameVisible();

  /** Throws a TypeError where `url` is none. */
  constructor(options: ClientOptions) {
    this.#Socket = options.WebSocket ?? globalThis.WebSocket;
    const range = options.backoff ?? DEFAULTS.backoff;
    const random = options.random ?? Math.random;
    this.#backoff = new Backoff(range, random);
    const store = options.outbox ?? defaultStore();
    const { origin } = new URL(options.url);
    this.#outbox = new OutboxQueue(origin, store, () => new Backoff(range, random));
    this.outbox = new Outbox(this.#outbox);
    this.#channels = new Channels(this.#outbox, range, random);
    this.http = new HttpApi(options);
    this.#socketUrl = toSocketUrl(options.url);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Who the server says we are; undefined before the first hello. */
  get user(): { readonly id: number; readonly name: string } | undefined {
    return this.#hello && { id: this.#hello.user, name: this.#hello.name };
  }

  /** The age of the server's database; undefined before the first hello. */
  get epoch(): string | undefined {
    return this.#hello?.epoch;
  }

  /** When the next try is, in ms since 1970, while `waiting`. */
  get retryAt(): number | undefined {
    return this.#retry?.at;
  }

  /** Returns the function that unsubscribes. */
  on<K extends keyof ClientEvents>(event: K, listener: ClientEvents[K]): () => void {
    return this.#events.on(event, listener);
  }

  /**
   * Resolves at the first hello, however many tries it takes. Rejects with a PokersError when the server says not to
   * come back (4101: sign in first) or when close() is called.
   */
  connect(): Promise<void> {
    if (this.#state === 'connected') return Promise.resolve();
    if (!this.#Socket)
      return Promise.reject(new TypeError('This runtime has no WebSocket: give one in the options.'));
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      if (this.#state === 'idle' || this.#state === 'closed') this.#start();
    });
  }

  /** Does not wait any longer for the next try; does nothing unless `waiting`. */
  retryNow(): void {
    if (this.#state === 'waiting') this.#dial();
  }

  /**
   * Ends the connection; channels stay, and go on after connect(). Posts that have no answer yet stay in the outbox and
   * go out then, their promises still waiting; where the outbox is in memory only, they fail with `closed`.
   */
  close(): void {
    if (this.#state === 'closed') return;
    this.#line?.hangUp();
    this.#finish(1000, 'The client was closed.', PokersError.closed('The client was closed.'));
  }

  /**
   * Asks the server over the line there is now, once: for what is not worth keeping. Rejects with a PokersError:
   * `network` where there is no line.
   */
  ask<N extends CommandName>(action: N, question: Question<N>): Promise<Reply<N>> {
    const line = this.#channels.line();
    return line ? line.ask(action, question) : Promise.reject(PokersError.network('There is no connection.'));
  }

  /**
   * From now on `news` tells what is posted in threads without an open channel, also after reconnects. Ask for the lists of
   * threads after each `connected`: what happened before it is not told.
   */
  watch(): void {
    this.#isWatching = true;
    this.#watchNow();
  }

  /** The channel of a thread; the same one until it is left. */
  thread(id: number): ThreadChannel {
    return this.#channels.get(id);
  }

  #start(): void {
    this.#outbox.reopen();
    this.#channels.reopen();
    if ('window' in globalThis) {
      globalThis.addEventListener('online', this.#onOnline);
      globalThis.addEventListener('offline', this.#onOffline);
      globalThis.document?.addEventListener('visibilitychange', this.#onVisible);
    }
    this.#dial();
  }

  #dial(): void {
    this.#stopWaiting();
    if (!this.#Socket) return;
    this.#line = new Line(
      this.#Socket,
      this.#socketUrl,
      this.http.token,
      {
        onHello: (hello) => this.#greeted(hello),
        onEvent: (event) => this.#channels.receive(event),
        onLeft: (thread, error) => this.#channels.ended(thread, error),
        onClass: (id) => this.#classChanged(id),
        onSeen: (seen) => this.#events.emit('seen', seen),
        onStarred: ({ message, on }) => this.#events.emit('starred', message, on),
        onAside: (aside) => this.#heardAside(aside),
        onEnd: (code, reason) => this.#ended(code, reason),
      },
      this.#quiet,
    );
    this.#enter('connecting');
  }

  #greeted(hello: Reply<'hello'>): void {
    const line = this.#line;
    if (!line) return;
    const before = this.#hello;
    this.#hello = hello;
    this.#connectedAt = performance.now();
    const isReplaced = before !== undefined && before.epoch !== hello.epoch;
    // Another user may see other things in the same database.
    if (isReplaced || (before && before.user !== hello.user)) this.#channels.forget();
    this.#channels.attach(line, { id: hello.user, name: hello.name });
    this.#outbox.open(hello.user);
    this.#outbox.attach(line);
    this.#watchNow();
    for (const waiter of this.#waiters.splice(0)) waiter.resolve();
    this.#enter('connected');
    if (isReplaced) this.#events.emit('epoch', hello.epoch);
  }

  #classChanged(id: number): void {
    this.#channels.tryAgain();
    this.#events.emit('class', id);
  }

  /** Where it fails, the line has broken and the next one asks again, or the server has no such command yet. */
  #watchNow(): void {
    if (this.#isWatching) this.ask('watch', { on: true }).catch(() => undefined);
  }

  #heardAside(aside: Aside): void {
    if (aside.op === 'typists') this.#events.emit('typists', aside.t, aside.u);
    else if (aside.op === 'here') this.#events.emit('here', aside.class, aside.came, aside.left);
    else
      this.#events.emit(
        'news',
        aside.threads.map(([id, thread, messages, mentions]) => ({ class: id, thread, messages, mentions })),
      );
  }

  #ended(code: number, reason: string): void {
    if (!shouldReconnect(code)) return this.#finish(code, reason, PokersError.close(code, reason));
    const wasSteady =
      this.#state === 'connected' && performance.now() - this.#connectedAt >= DEFAULTS.steadyMs;
    if (wasSteady) this.#backoff.reset();
    this.#letGo();
    // A server that restarts gives everyone a moment of their own.
    const wait = retryAfterMs(reason) ?? this.#backoff.next();
    this.#retry = { at: Date.now() + wait, timer: setTimeout(() => this.#dial(), wait) };
    this.#enter('waiting');
  }

  #finish(code: number, reason: string, error: PokersError): void {
    globalThis.removeEventListener?.('online', this.#onOnline);
    globalThis.removeEventListener?.('offline', this.#onOffline);
    globalThis.document?.removeEventListener('visibilitychange', this.#onVisible);
    this.#stopWaiting();
    this.#backoff.reset();
    this.#letGo();
    this.#outbox.close(error);
    this.#channels.close(error);
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
    this.#enter('closed');
    this.#events.emit('closed', code, reason);
  }

  #letGo(): void {
    this.#line = undefined;
    this.#outbox.detach();
    this.#channels.detach();
  }

  #stopWaiting(): void {
    clearTimeout(this.#retry?.timer);
    this.#retry = undefined;
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#events.emit('state', state);
  }

  /** The browser has a network again, perhaps another one: the old line may be dead without knowing. */
  #cameOnline(): void {
    this.#quiet.forget();
    if (this.#state === 'connected') this.#line?.probe();
    else this.retryNow();
  }

  /** A phone that slept may have lost its line unseen, and its timers stood still. */
  #becameVisible(): void {
    if (globalThis.document.visibilityState === 'visible') this.#line?.wake();
  }

  /** The socket would notice only when a ping stays unanswered. The tries go on: a server on this machine is still there. */
  #wentOffline(): void {
    this.#line?.drop('The browser is offline.');
  }
}

function defaultStore(): OutboxStore {
  return 'indexedDB' in globalThis ? new IndexedDbOutboxStore() : new MemoryOutboxStore();
}

function toSocketUrl(server: string): string {
  const url = new URL('/ws', server);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
