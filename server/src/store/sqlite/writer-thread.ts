/** The thread that alone writes: it waits for the disk so that the loop that serves sockets never has to. */
import type { SQLQueryBindings } from 'bun:sqlite';
import { PokersError } from '../../errors.ts';
import { CHANGE_STATEMENTS, CHANGES } from '../changes.ts';
import type { CompiledStep } from '../row-store.ts';
import type { Steps } from '../statement.ts';
import type { MessageDraft } from '../store.ts';
import { Appending } from './appending.ts';
import { openForWriting } from './database.ts';
import { SqliteSteps } from './sqlite-statements.ts';
import type { FromWriter, Job, Outcome, QueryResult, ToWriter } from './writer-protocol.ts';

declare const self: Worker;

/** For tests: how much slower than it is the disk shall seem, in ms for each commit. */
const commitDelay = Number(process.env.POKERS_TEST_COMMIT_DELAY_MS ?? 0);

const folder = process.env.POKERS_WRITER_FOLDER ?? '';
const db = openForWriting(folder);
const appending = new Appending(db);
const steps = new SqliteSteps(db, CHANGE_STATEMENTS);
const begin = db.query('begin immediate');
const commitNow = db.query('commit');
const savepoint = db.query('savepoint job');
const release = db.query('release job');
const reply = (message: FromWriter): void => self.postMessage(message);

self.onmessage = ({ data }: MessageEvent<ToWriter>) => {
  if (data.kind === 'batch') {
    const outcomes = commit(JSON.parse(data.jobs) as Job[]);
    return reply({ kind: 'batch', outcomes: JSON.stringify(outcomes) });
  }
  db.run('pragma wal_checkpoint(truncate)');
  db.close();
  reply({ kind: 'stopped' });
};
reply({ kind: 'ready' });

/** All jobs in one transaction: one wait for the disk, however many. A job that fails undoes itself alone. */
function commit(jobs: readonly Job[]): Outcome[] {
  try {
    begin.run();
    const outcomes = jobs.map((job) => (job.kind === 'append' ? append(job.draft) : attempt(job)));
    appending.settle();
    commitNow.run();
    if (commitDelay > 0) Bun.sleepSync(commitDelay);
    return outcomes;
  } catch (cause) {
    appending.forget();
    if (db.inTransaction) db.run('rollback');
    const failure: Outcome = { ok: false, error: 'store_unavailable', message: reasonOf(cause) };
    return jobs.map(() => failure);
  }
}

function append(draft: MessageDraft): Outcome {
  try {
    return { ok: true, value: appending.append(draft) };
  } catch (cause) {
    return failed(cause);
  }
}

function attempt(job: Exclude<Job, { kind: 'append' }>): Outcome {
  appending.settle();
  savepoint.run();
  try {
    const value = perform(job);
    release.run();
    return { ok: true, value };
  } catch (cause) {
    const outcome = failed(cause);
    db.run('rollback to job');
    release.run();
    return outcome;
  }
}

/** @throws the cause where the disk is full, say: SQLite may have given up on the whole transaction already, and so do we */
function failed(cause: unknown): Outcome {
  if (!db.inTransaction || isOfTheDisk(cause)) throw cause;
  if (cause instanceof PokersError) {
    return { ok: false, error: cause.error, message: cause.message, detail: cause.detail };
  }
  return { ok: false, message: reasonOf(cause) };
}

function perform(job: Exclude<Job, { kind: 'append' }>): unknown {
  if (job.kind === 'query') return query(job.sql, job.parameters);
  if (job.kind === 'steps') return job.steps.map(step);
  return change(job);
}

/** @throws what the step says where its rows are not as it expects */
function step({ sql, parameters, expect }: CompiledStep): unknown[] {
  const { rows, changes } = query(sql, parameters);
  const found = rows.length + changes > 0 ? 'some' : 'none';
  if (expect && found !== expect.rows) throw new PokersError(expect.otherwise, expect.detail);
  return rows;
}

function change(job: Extract<Job, { kind: 'change' }>): unknown {
  // The caller is `SqliteStore`, which types name and input together; a message between threads cannot carry that.
  const begin = CHANGES[job.name] as (input: unknown) => Steps<unknown>;
  return steps.carryOut(begin(job.input));
}

function query(sql: string, parameters: readonly unknown[]): QueryResult {
  const statement = db.query<unknown, SQLQueryBindings[]>(sql);
  const bound = parameters as SQLQueryBindings[];
  if (statement.columnNames.length > 0) return { rows: statement.all(...bound), changes: 0, insertId: 0 };
  const { changes, lastInsertRowid } = statement.run(...bound);
  return { rows: [], changes, insertId: Number(lastInsertRowid) };
}

/** Whether it is the disk or the file that refuses, so that the next job would fare no better. */
function isOfTheDisk(cause: unknown): boolean {
  const code = (cause as { code?: unknown } | null)?.code;
  return (
    typeof code === 'string' &&
    /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|BUSY|LOCKED|PROTOCOL)/.test(code)
  );
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
