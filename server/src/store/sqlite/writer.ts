import { PokersError } from '../../errors.ts';
import type { FromWriter, Job, Outcome, ToWriter } from './writer-protocol.ts';

/** Most jobs that may wait. Further ones are refused with `store_unavailable`. */
const WAITING_MAX = 20_000;

/** Most jobs in one transaction: bounds how long one may take and what the messages between the threads hold. */
const BATCH_MAX = 1_000;

interface Waiting {
  /** A `Job` as JSON. */
  readonly job: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Group commit: while the writer thread waits for the disk, jobs gather here; when it is done, they go to it together
 * and share the next transaction. A job's promise resolves after its commit.
 */
export class Writer {
  readonly #worker: Worker;
  #waiting: Waiting[] = [];
  #underway: Waiting[] = [];
  #closing: (() => void) | undefined;
  #failed: Error | undefined;
  #inTrouble = false;
  #transactions = 0;
  readonly #onTrouble: (reason?: string) => void;
  readonly #ready = Promise.withResolvers<void>();

  private constructor(folder: string, onTrouble: (reason?: string) => void) {
    this.#onTrouble = onTrouble;
    this.#worker = new Worker(new URL('./writer-thread.ts', import.meta.url), {
      env: { ...process.env, POKERS_WRITER_FOLDER: folder } as Record<string, string>,
    });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWriter>) => this.#onMessage(data);
    this.#worker.onerror = (event) => this.#fail(new Error(`the writer thread failed: ${event.message}`));
  }

  /** @param onTrouble told once when it cannot save any more, with the reason, and once when it can again, without */
  static async start(folder: string, onTrouble: (reason?: string) => void = () => {}): Promise<Writer> {
    const writer = new Writer(folder, onTrouble);
    await writer.#ready.promise;
    return writer;
  }

  /** Jobs that wait for their commit now. */
  get waiting(): number {
    return this.#waiting.length + this.#underway.length;
  }

  /** Transactions so far, failed ones included: those who wait together share one. */
  get transactions(): number {
    return this.#transactions;
  }

  run(job: Job): Promise<unknown> {
    if (this.#failed || this.#closing) return Promise.reject(new PokersError('store_unavailable'));
    if (this.#waiting.length >= WAITING_MAX)
      return Promise.reject(new PokersError('store_unavailable', 'too many writes wait'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job: JSON.stringify(job), resolve, reject });
      if (this.#waiting.length === 1 && this.#underway.length === 0) queueMicrotask(() => this.#send());
    });
  }

  /** Commits what waits, brings the log back into the database file and ends the thread. */
  async close(): Promise<void> {
    if (this.#failed || this.#closing) return;
    const stopped = new Promise<void>((resolve) => {
      this.#closing = resolve;
    });
    this.#send();
    await stopped;
    this.#worker.terminate();
  }

  #send(): void {
    if (this.#underway.length > 0) return;
    if (this.#waiting.length === 0) {
      if (this.#closing) this.#post({ kind: 'stop' });
      return;
    }
    this.#underway = this.#waiting.splice(0, BATCH_MAX);
    this.#post({ kind: 'batch', jobs: `[${this.#underway.map(({ job }) => job).join()}]` });
  }

  #post(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  #onMessage(message: FromWriter): void {
    if (message.kind === 'ready') return this.#ready.resolve();
    if (message.kind === 'stopped') return this.#closing?.();
    const done = this.#underway;
    this.#underway = [];
    this.#send();
    this.#transactions++;
    const outcomes = JSON.parse(message.outcomes) as Outcome[];
    this.#watch(outcomes[0]);
    done.forEach((waiting, index) => {
      settle(waiting, outcomes[index]);
    });
  }

  /** When the disk refuses, a whole batch fails alike: the first outcome tells. */
  #watch(outcome: Outcome | undefined): void {
    const inTrouble = outcome?.ok === false && outcome.error === 'store_unavailable';
    if (inTrouble === this.#inTrouble) return;
    this.#inTrouble = inTrouble;
    this.#onTrouble(inTrouble ? outcome.message : undefined);
  }

  /** What became of the jobs under way is unknown then; a nonce makes it safe to send them again. */
  #fail(error: Error): void {
    this.#failed = error;
    this.#ready.reject(error);
    this.#closing?.();
    for (const { reject } of [...this.#underway.splice(0), ...this.#waiting.splice(0)]) reject(error);
  }
}

function settle({ resolve, reject }: Waiting, outcome: Outcome | undefined): void {
  if (!outcome) return reject(new Error('the writer thread left a job without an outcome'));
  if (outcome.ok) return resolve(outcome.value);
  reject(
    outcome.error
      ? new PokersError(outcome.error, outcome.detail, { cause: outcome.message })
      : new Error(outcome.message),
  );
}
