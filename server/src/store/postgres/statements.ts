import type { Answer, Ask, Reads, Statement, Steps, Values } from '../statement.ts';
import type { PostgresPool, Session } from './pool.ts';

/** A statement with numbers for its parameters, and the name under which each connection keeps it ready. */
interface Prepared {
  readonly name: string;
  readonly text: string;
  readonly parameters: readonly string[];
}

const prepared = new WeakMap<Statement<unknown>, Prepared>();
let count = 0;

/** Reads over the pool's connections. */
export class PostgresReads implements Reads {
  readonly #pool: PostgresPool;

  constructor(pool: PostgresPool) {
    this.#pool = pool;
  }

  async get<Row>(statement: Statement<Row>, values: Values): Promise<Row | undefined> {
    return (await this.all(statement, values))[0];
  }

  all<Row>(statement: Statement<Row>, values: Values): Promise<Row[]> {
    return this.#pool.read(async (session) => (await ask(session, { statement, values })).rows as Row[]);
  }
}

/** Carries out a change within the transaction that is open there. */
export async function carryOut<T>(session: Session, steps: Steps<T>): Promise<T> {
  let next = steps.next();
  while (!next.done) next = steps.next(await ask(session, next.value));
  return next.value;
}

async function ask(session: Session, { statement, values }: Ask): Promise<Answer> {
  const { name, text, parameters } = preparedOf(statement);
  const bound = parameters.map((parameter) => values[parameter] ?? null);
  const { rows, rowCount } = await session.query({ name, text, values: bound });
  return { rows, changes: rowCount ?? 0 };
}

function preparedOf(statement: Statement<unknown>): Prepared {
  const earlier = prepared.get(statement);
  if (earlier) return earlier;
  const parameters: string[] = [];
  const text = statement.text.replace(/\$([a-z_]+)/g, (_, name: string) => {
    if (!parameters.includes(name)) parameters.push(name);
    return `$${parameters.indexOf(name) + 1}`;
  });
  const made = { name: `pokers_${++count}`, text: statement.locks ? `${text} for update` : text, parameters };
  prepared.set(statement, made);
  return made;
}
