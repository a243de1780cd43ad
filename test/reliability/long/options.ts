import { parseArgs } from 'node:util';

/** How much of each part; the defaults are the full form. */
export const DEFAULTS = {
  /** Times that the server is killed, half of them with two workers. */
  rounds: 1_000,
  /** Interleavings of the sync model, a third of them with two workers. */
  runs: 5_000,
  /** Generated frames and requests, over all doors. */
  frames: 1_000_000,
  /** Seconds on a bad network, for each number of workers. */
  seconds: 120,
  /** Clients that come back at once. */
  clients: 10_000,
  /** Connections that come and go. */
  connects: 1_000_000,
  /** Times that something fails under three nodes, their Redis or their PostgreSQL. */
  nodeFaults: 100,
  /** Seconds of each phase with and without a reader that never reads; there are eight of each. */
  readerSeconds: 10,
} as const;

export type Options = Record<keyof typeof DEFAULTS, number> & { readonly parts: readonly string[] };

export const USAGE = `Usage: npm run test:long -- [parts] [options]
  Parts: kill, proxy, sync-model, fuzz, reader, reconnect, churn, nodes; all of them where none is named.
${Object.entries(DEFAULTS)
  .map(([name, value]) => `  --${`${name} <number>`.padEnd(26)}(${value})`)
  .join('\n')}
  SEED=<number> in the environment replays a run.`;

/** The command line as options, or that help is wanted; ends the process with 2 where it is wrong. */
export function readOptions(args: readonly string[], parts: readonly string[]): Options | 'help' {
  const names = Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[];
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    },
  });
  if (values.help) return 'help';
  const unknown = positionals.find((name) => !parts.includes(name));
  if (unknown) fail(`There is no part ${unknown}. There are: ${parts.join(', ')}`);
  const numbers = names.map((name) => {
    const value = Number((values as Record<string, unknown>)[name] ?? DEFAULTS[name]);
    if (!Number.isSafeInteger(value) || value < 1) fail(`--${name} must be a whole number above 0.`);
    return [name, value] as const;
  });
  const sizes = Object.fromEntries(numbers) as Record<keyof typeof DEFAULTS, number>;
  return { ...sizes, parts: positionals.length > 0 ? positionals : parts };
}

function fail(why: string): never {
  console.error(why);
  process.exit(2);
}
