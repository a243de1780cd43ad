import pg from 'pg';
import { PokersError } from '../../errors.ts';
import type { PostgresAddress } from './address.ts';
import { isOfWriting, isUnavailable, reasonOf, told } from './failures.ts';

/** Connections of one process. PostgreSQL has 100 for all, unless it is told otherwise. */
const CONNECTIONS_MAX = 10;

/** Most that may wait for a connection. Further ones are refused with `store_unavailable`. */
const WAITING_MAX = 20_000;

/** How long it may take, in ms, to get a connection, to be answered, to get a lock; and how long a transaction may stand still. */
const CONNECT_MS = 5_000;
const ANSWER_MS = 10_000;
const LOCK_MS = 5_000;
const STANDSTILL_MS = 5_000;

/** PostgreSQL's own part of that. Said when a connection is there, since poolers let nobody in who says it on the way in. */
const BOUNDS = Object.entries({
  statement_timeout: ANSWER_MS,
  lock_timeout: LOCK_MS,
  idle_in_transaction_session_timeout: STANDSTILL_MS,
})
  .map(([name, ms]) => `set ${name} = ${ms}`)
  .join('; ');

/** What servers call themselves there. */
export const APPLICATION_NAME = 'pokers';

/** Whole numbers as numbers: ids, times and counts are far below 2 ** 53. */
export const NUMBERS = new pg.TypeOverrides();
NUMBERS.setTypeParser(pg.types.builtins.INT8, Number);
NUMBERS.setTypeParser(pg.types.builtins.NUMERIC, Number);

/**
 * What goes well counts only so long, in ms, after what last went wrong: where one thing works and another does not, as on a
 * full disk, that is one trouble, and not one for each question.
 */
const WELL_AFTER_MS = 500;

/** What one speaks to the database with: what was asked without a wait between travels together. */
export type Session = Pick<pg.PoolClient, 'query'>;

/**
 * Connections to a PostgreSQL that may go away and come back. Whoever asks meanwhile is refused with
 * `store_unavailable`, at once or after a bounded wait; new connections are made when they are needed.
 */
export class PostgresPool {
  readonly #pool: pg.Pool;
  readonly #onTrouble: (reason?: string) => void;
  #waiting = 0;
  #trouble: { readonly at: number; readonly isOfWriting: boolean } | undefined;
  /** Connections that nobody used have broken: the database may have been away, unseen, for less than any question. */
  #hasBroken = false;

  /**
   * @param onTrouble told once when the database cannot be used, or only read, with the reason, and once when it can again, without; and
   *   without one, too, when it may have been away between two questions
   */
  constructor({ options }: PostgresAddress, onTrouble: (reason?: string) => void) {
    this.#onTrouble = onTrouble;
    this.#pool = new pg.Pool({
      ...options,
      max: CONNECTIONS_MAX,
      pipeline: true,
      types: NUMBERS,
      keepAlive: true,
      application_name: APPLICATION_NAME,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: ANSWER_MS,
    } as pg.PoolConfig);
    // It goes ahead of whatever is asked first, which says so where the connection breaks.
    this.#pool.on('connect', (client) => void client.query(BOUNDS).catch(() => undefined));
    // A connection that breaks while nobody uses it is no trouble yet: the next one to ask gets another.
    this.#pool.on('error', () => {
      this.#hasBroken = true;
    });
  }

  /** Those who wait for a connection or use one now. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Does something over one connection, outside of a transaction. @throws store_unavailable */
  async use<T>(act: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.take();
    try {
      return await act(client);
    } finally {
      client.release();
    }
  }

  /** Like `use`, once more where the connection broke: for reading, which does no harm twice. */
  async read<T>(act: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await this.use(act);
    } catch (error) {
      if (!(error instanceof PokersError) || error.error !== 'store_unavailable') throw error;
      return this.use(act);
    }
  }

  /** All or nothing of what is asked over the connection. @throws store_unavailable: it may have happened all the same */
  transaction<T>(act: (session: Session) => Promise<T>): Promise<T> {
    return this.use(async (session) => {
      try {
        const begun = session.query('begin');
        const [result] = await Promise.all([act(session), begun]);
        const { command } = await session.query('commit');
        if (command !== 'COMMIT') throw new Error('the transaction was not committed');
        this.#noteWell(true);
        return result;
      } catch (error) {
        await session.query('rollback').catch(() => undefined);
        throw error;
      }
    });
  }

  /** A connection for one's own use, until it is released. @throws store_unavailable */
  async take(): Promise<Session & { release(): void }> {
    if (this.#waiting >= WAITING_MAX)
      throw new PokersError('store_unavailable', 'too many wait for the database');
    this.#waiting++;
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      this.#waiting--;
      throw this.#noted(error, true);
    }
    let isLost = false;
    const onError = (): void => {
      isLost = true;
    };
    client.on('error', onError);
    const query = async (...args: Parameters<pg.PoolClient['query']>): Promise<unknown> => {
      try {
        const result = await client.query(...args);
        this.#noteWell();
        return result;
      } catch (error) {
        isLost ||= isUnavailable(error);
        throw this.#noted(error, isUnavailable(error));
      }
    };
    return {
      query: query as pg.PoolClient['query'],
      release: () => {
        this.#waiting--;
        client.off('error', onError);
        client.release(isLost);
      },
    };
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** @param hasSaved that it can be read says nothing about whether it can be written */
  #noteWell(hasSaved = false): void {
    const trouble = this.#trouble;
    if (!trouble && !this.#hasBroken) return;
    if (trouble?.isOfWriting && !hasSaved) return;
    if (trouble && performance.now() - trouble.at < WELL_AFTER_MS) return;
    this.#trouble = undefined;
    this.#hasBroken = false;
    this.#onTrouble();
  }

  #noted(error: unknown, isTrouble: boolean): unknown {
    if (!isTrouble) return error;
    const before = this.#trouble;
    this.#trouble = { at: performance.now(), isOfWriting: isOfWriting(error) };
    if (before?.isOfWriting !== this.#trouble.isOfWriting) this.#onTrouble(reasonOf(error));
    return isUnavailable(error)
      ? told(error)
      : new PokersError('store_unavailable', undefined, { cause: error });
  }
}
