import { parseArgs } from 'node:util';

export interface Options {
  readonly messages: number;
  readonly classes: number;
  /** Queries of each kind whose time is taken. */
  readonly queries: number;
  /** Of each kind, those that are also looked for in every message. */
  readonly checked: number;
  /** How long posts are counted, with and without indexing in turn, in ms each time, and how many times. */
  readonly postMs: number;
  readonly turns: number;
  /** Messages that are also indexed as FTS5's own tokenizers do. */
  readonly compared: number;
  readonly parts: readonly Part[];
  readonly json: boolean;
}

const PARTS = ['times', 'recall', 'others', 'posts'] as const;
export type Part = (typeof PARTS)[number];

const FULL = {
  messages: 1_000_000,
  classes: 1_000,
  queries: 200,
  checked: 10,
  postMs: 3_000,
  turns: 5,
  compared: 100_000,
};
const QUICK = {
  messages: 100_000,
  classes: 100,
  queries: 100,
  checked: 20,
  postMs: 1_000,
  turns: 3,
  compared: 20_000,
};

export const USAGE = `Usage: npm run bench:search -- [options]
  --quick              a rough look: ${QUICK.messages} messages
  --messages <number>  messages that are searched (${FULL.messages})
  --part <name>        beside the indexing, only one of ${PARTS.join(', ')}
  --json               print JSON instead of tables
`;

/** The command line as options, or that help is wanted. @throws Error that says what is wrong with it */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      messages: { type: 'string' },
      part: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { quick, json, messages } = values;
  if (messages !== undefined && !/^[1-9]\d{0,7}$/.test(messages))
    throw new Error(`--messages must be a whole number above 0, not ${messages}`);
  const part = PARTS.find((name) => name === values.part);
  if (values.part !== undefined && !part)
    throw new Error(`there is no part ${values.part}; there are ${PARTS.join(', ')}`);
  const defaults = quick ? QUICK : FULL;
  return {
    ...defaults,
    ...(messages !== undefined && { messages: Number(messages) }),
    parts: part ? [part] : PARTS,
    json,
  };
}
