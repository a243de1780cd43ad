import { parseArgs } from 'node:util';

export interface Options {
  /** How many times everything is measured, in turn. */
  readonly runs: number;
  /** How long each measurement of durable posts takes, in ms. */
  readonly durableMs: number;
  /** Messages in the large databases; the small one has 1,000. */
  readonly messages: number;
  /** Threads in the databases with many. */
  readonly threads: number;
  /** Posts and reads of each database in a run. */
  readonly posts: number;
  readonly reads: number;
  readonly parts: readonly Part[];
  /** An empty PostgreSQL database; undefined: a server of its own for `engines`. */
  readonly database: string | undefined;
  /** Figures for programs, on stdout, instead of the tables. */
  readonly json: boolean;
}

export type Part = 'durable' | 'growth' | 'engines';

const PARTS: readonly Part[] = ['durable', 'growth', 'engines'];

/** Without being asked for by name: what needs no other program. */
const USUAL: readonly Part[] = ['durable', 'growth'];

const FULL = { runs: 7, durableMs: 1_000, messages: 1_000_000, threads: 10_000, posts: 480, reads: 100 };
const QUICK = { runs: 3, durableMs: 300, messages: 100_000, threads: 1_000, posts: 320, reads: 50 };

export const USAGE = `Usage: npm run bench:store -- [options]
  --quick              a rough look: ${QUICK.messages} messages, ${QUICK.runs} runs
  --runs <number>      measurements of everything, in turn (${FULL.runs})
  --messages <number>  messages in the large databases (${FULL.messages})
  --part <name>        only one of ${PARTS.join(', ')}; without it ${USUAL.join(' and ')}
  --database <url>     PostgreSQL beside SQLite (the part engines) in this empty database, which is left full;
                       without it engines starts a PostgreSQL of its own
  --json               print JSON instead of tables
`;

/** The command line as options, or that help is wanted. @throws Error that says what is wrong with it */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      runs: { type: 'string' },
      messages: { type: 'string' },
      part: { type: 'string' },
      database: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { part = values.database === undefined ? undefined : 'engines', database } = values;
  const defaults = values.quick ? QUICK : FULL;
  const count = (name: 'runs' | 'messages'): number => {
    const text = values[name];
    if (text === undefined) return defaults[name];
    if (/^[1-9]\d{0,7}$/.test(text)) return Number(text);
    throw new Error(`--${name} must be a whole number above 0, not ${text}`);
  };
  return {
    ...defaults,
    runs: count('runs'),
    messages: count('messages'),
    parts: part === undefined ? USUAL : [partNamed(part)],
    database,
    json: values.json,
  };
}

function partNamed(name: string): Part {
  const part = PARTS.find((known) => known === name);
  if (!part) throw new Error(`there is no part ${name}; there are ${PARTS.join(', ')}`);
  return part;
}
