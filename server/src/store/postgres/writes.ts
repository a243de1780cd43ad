import { PokersError } from '../../errors.ts';
import { CHANGES, type ChangeName, type Changes } from '../changes.ts';
import type { CompiledStep, Writes } from '../row-store.ts';
import type { Steps } from '../statement.ts';
import type { Appended, MessageDraft } from '../store.ts';
import { append, readOf } from './appending.ts';
import { isInBetween } from './failures.ts';
import { Gathering, type Outcome } from './gathering.ts';
import type { PostgresPool, Session } from './pool.ts';
import { carryOut } from './statements.ts';
import { allStorable, storable } from './storable-text.ts';
import { turnOf } from './turns.ts';

/** Times that a change is begun again where another came in between. */
const ATTEMPTS_MAX = 5;

type Mark = Parameters<Changes['markRead']>[0];

/** Changes over the pool's connections. Posts share transactions, and so does what people have read; others have their own. */
export class PostgresWrites implements Writes {
  readonly #pool: PostgresPool;
  readonly #posts: Gathering<MessageDraft, Appended>;
  readonly #marks: Gathering<Mark, null>;

  constructor(pool: PostgresPool) {
    this.#pool = pool;
    this.#posts = new Gathering((drafts) => this.#appendAll(drafts));
    this.#marks = new Gathering((marks) => this.#markAll(marks));
  }

  get waiting(): number {
    return this.#posts.waiting + this.#marks.waiting;
  }

  append(draft: MessageDraft): Promise<Appended> {
    const { content, speakerName } = draft;
    return this.#posts.run({ ...draft, content: storable(content), speakerName: storable(speakerName) });
  }

  change<N extends ChangeName>(name: N, input: Parameters<Changes[N]>[0]): Promise<ReturnType<Changes[N]>> {
    // Name and input belong together; TypeScript does not follow that through the generic name.
    if (name === 'markRead') return this.#marks.run(input as Mark) as Promise<ReturnType<Changes[N]>>;
    const begin = CHANGES[name] as (input: unknown) => Steps<ReturnType<Changes[N]>>;
    const whole = allStorable(input);
    const turn = turnOf(name, whole);
    return this.#inTransaction(async (session) => {
      if (turn) await session.query(turn);
      return carryOut(session, begin(whole));
    });
  }

  steps(steps: readonly CompiledStep[]): Promise<Record<string, unknown>[][]> {
    return this.#inTransaction(async (session) => {
      const rows: Record<string, unknown>[][] = [];
      for (const step of steps) rows.push(await carryOutStep(session, step));
      return rows;
    });
  }

  /** When what is under way is done. */
  async idle(): Promise<void> {
    await Promise.all([this.#posts.idle(), this.#marks.idle()]);
  }

  async #appendAll(drafts: readonly MessageDraft[]): Promise<Outcome<Appended>[]> {
    try {
      return await this.#inTransaction((session) => append(session, drafts));
    } catch (error) {
      if (drafts.length === 1 || (error instanceof PokersError && error.error === 'store_unavailable'))
        return drafts.map(() => ({ error }));
      // One that the database does not take must not take the others with it.
      const outcomes: Outcome<Appended>[] = [];
      for (const draft of drafts) outcomes.push(...(await this.#appendAll([draft])));
      return outcomes;
    }
  }

  async #markAll(marks: readonly Mark[]): Promise<Outcome<null>[]> {
    await inTheEnd(() => this.#pool.use((session) => session.query(readOf(marks))));
    return marks.map(() => ({ value: null }));
  }

  #inTransaction<T>(act: (session: Session) => Promise<T>): Promise<T> {
    return inTheEnd(() => this.#pool.transaction(act));
  }
}

async function inTheEnd<T>(act: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (!isInBetween(error) || attempt === ATTEMPTS_MAX) throw error;
      await Bun.sleep(Math.random() * 10 * attempt);
    }
  }
}

/** @throws what the step says where its rows are not as it expects */
async function carryOutStep(
  session: Session,
  { sql, parameters, expect }: CompiledStep,
): Promise<Record<string, unknown>[]> {
  const { rows, rowCount } = await session.query<Record<string, unknown>>(sql, parameters.map(storable));
  const found = (rowCount ?? 0) > 0 ? 'some' : 'none';
  if (expect && found !== expect.rows) throw new PokersError(expect.otherwise, expect.detail);
  return rows;
}
