import type { Database, Statement } from 'bun:sqlite';
import { PokersError } from '../../errors.ts';
import type { IndexPage, IndexQuery, Progress, SearchIndex } from '../search-index.ts';
import type { FromSearch, Task, ToSearch } from './search-thread-protocol.ts';

/** Most tasks that wait for the thread; one more is refused with `busy`. */
const WAITING_MAX = 100;

/** How long the thread is kept with nothing to do: it takes memory, and some 50 ms to start. */
const IDLE_MS = 60_000;

/** The newest message and the newest change that the store has noted. */
interface Newest {
  readonly message: number | null;
  readonly change: number | null;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** FTS5 in a file and a thread of its own. The thread runs while there is something to do. */
export class SqliteSearchIndex implements SearchIndex {
  readonly #folder: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #newest: Statement<Newest, []>;
  #caughtUp: Newest = { message: null, change: null };
  #thread: Worker | undefined;
  #stopping: Promise<void> | undefined;
  #stopped: (() => void) | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #last = 0;
  #isClosed = false;

  /** @param reader a connection to the store */
  constructor(folder: string, reader: Database) {
    this.#folder = folder;
    this.#newest = reader.query(
      `select (select max(id) from messages) as message,
         (select seq from sqlite_sequence where name = 'search_changes') as change`,
    );
  }

  find(query: IndexQuery): Promise<IndexPage> {
    return this.#run({ kind: 'find', query }) as Promise<IndexPage>;
  }

  isBehind(): boolean {
    const { message, change } = this.#look();
    return message !== this.#caughtUp.message || change !== this.#caughtUp.change;
  }

  async catchUp(): Promise<Progress> {
    const newest = this.#look();
    const progress = (await this.#run({ kind: 'catchUp' })) as Progress;
    if (!progress.more) this.#caughtUp = newest;
    return progress;
  }

  settle(): Promise<number> {
    return this.#run({ kind: 'settle' }) as Promise<number>;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await (this.#thread ? this.#stop(this.#thread) : this.#stopping);
  }

  #look(): Newest {
    return this.#newest.get() ?? { message: null, change: null };
  }

  async #run(task: Task): Promise<unknown> {
    // The next thread opens the files when the last one has closed them.
    await this.#stopping;
    if (this.#isClosed || this.#waiting.size >= WAITING_MAX) throw new PokersError('busy');
    clearTimeout(this.#idle);
    const thread = this.#thread ?? this.#start();
    const number = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      post(thread, { kind: 'task', number, task });
    });
  }

  #start(): Worker {
    const thread = new Worker(new URL('./search-thread.ts', import.meta.url), {
      env: { ...process.env, POKERS_SEARCH_FOLDER: this.#folder } as Record<string, string>,
    });
    thread.onmessage = ({ data }: MessageEvent<FromSearch>) => this.#onMessage(thread, data);
    thread.onerror = (event) => this.#fail(new Error(`the search thread failed: ${event.message}`));
    this.#thread = thread;
    return thread;
  }

  #onMessage(thread: Worker, message: FromSearch): void {
    if (message.kind === 'ready') return;
    if (message.kind === 'stopped') return this.#stopped?.();
    const waiting = this.#waiting.get(message.number);
    this.#waiting.delete(message.number);
    if (message.kind === 'done') waiting?.resolve(message.value);
    else waiting?.reject(new Error(`the search index failed: ${message.message}`));
    if (this.#waiting.size > 0 || this.#isClosed) return;
    this.#idle = setTimeout(() => void this.#stop(thread), IDLE_MS);
    this.#idle.unref();
  }

  #stop(thread: Worker): Promise<void> {
    clearTimeout(this.#idle);
    this.#thread = undefined;
    const stopped = new Promise<void>((resolve) => {
      this.#stopped = resolve;
    });
    post(thread, { kind: 'stop' });
    this.#stopping = stopped.then(() => {
      thread.terminate();
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  /** What the thread was doing is lost; the next task starts another one. */
  #fail(error: Error): void {
    this.#thread?.terminate();
    this.#thread = undefined;
    this.#stopped?.();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function post(thread: Worker, message: ToSearch): void {
  thread.postMessage(message);
}
