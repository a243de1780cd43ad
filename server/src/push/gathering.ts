import type { Message } from '@pokers/protocol/message';

/** When people are told of what is posted, in ms. */
export interface PushTimes {
  /** After the first message: time for those who look at the thread to have read it. */
  readonly delayMs: number;
  /** Least time between two waves about one thread, however much is said in it. */
  readonly spacingMs: number;
}

/** What was posted in a thread since people were last told. */
export interface Gathered {
  readonly classroom: number;
  readonly thread: number;
  /** Ids of the last ones, in order: what they say by then is read when it is time. */
  readonly messages: number[];
  readonly due: number;
}

/** Threads of which people wait to be told; of one more nobody is, which is counted. */
const THREADS_MAX = 1_000;

/** Messages of one thread that are looked at, the last ones. */
const MESSAGES_MAX = 20;

/** Gathers what is posted by thread, until it is time to tell of it. Adding one costs next to nothing. */
export class Gathering {
  readonly #times: PushTimes;
  readonly #threads = new Map<number, Gathered>();
  /** When people were last told of a thread. */
  readonly #told = new Map<number, number>();
  dropped = 0;

  constructor(times: PushTimes) {
    this.#times = times;
  }

  add(message: Message): void {
    const gathered = this.#threads.get(message.thread) ?? this.#begin(message);
    if (!gathered) return;
    gathered.messages.push(message.id);
    if (gathered.messages.length > MESSAGES_MAX) gathered.messages.shift();
  }

  /** Takes those out whose time has come. */
  take(): Gathered[] {
    const now = performance.now();
    for (const [thread, at] of this.#told) if (at + this.#times.spacingMs < now) this.#told.delete(thread);
    const due = [...this.#threads.values()].filter((gathered) => gathered.due <= now);
    for (const { thread } of due) {
      this.#threads.delete(thread);
      this.#told.set(thread, now);
    }
    return due;
  }

  #begin({ thread, class: classroom }: Message): Gathered | undefined {
    if (this.#threads.size >= THREADS_MAX) {
      this.dropped++;
      return undefined;
    }
    const { delayMs, spacingMs } = this.#times;
    const told = this.#told.get(thread) ?? Number.NEGATIVE_INFINITY;
    const due = Math.max(performance.now() + delayMs, told + spacingMs);
    const gathered = { classroom, thread, messages: [], due };
    this.#threads.set(thread, gathered);
    return gathered;
  }
}
