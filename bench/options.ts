import { parseArgs } from 'node:util';
import { POSTS_MAX } from './load/post-text.ts';
import { PEERS } from './peers/all.ts';

export interface Options {
  /** How many times each peer is measured, in a fresh process each time. */
  readonly runs: number;
  /** Connections in the thread. */
  readonly members: number;
  /** Posts per second, on average. */
  readonly rate: number;
  /** How long is measured, in seconds. */
  readonly seconds: number;
  /** The same load for so long beforehand, unmeasured, so that the code is compiled, in seconds. */
  readonly warmUpSeconds: number;
  /** Names of the peers that take part; the last one is what the others are compared with. */
  readonly peers: readonly string[];
  /** Folder for CPU profiles of the servers (`--cpu-prof`). The figures of such a run mean little. */
  readonly profile: string | undefined;
  /** Figures for programs, on stdout, instead of the table. */
  readonly json: boolean;
}

export const DEFAULTS: Options = {
  runs: 3,
  members: 1000,
  rate: 100,
  seconds: 10,
  warmUpSeconds: 2,
  peers: PEERS.map(({ name }) => name),
  profile: undefined,
  json: false,
};

export const USAGE = `Usage: npm run bench -- [options]
  --runs <number>      measurements of each peer, in turn (${DEFAULTS.runs})
  --members <number>   connections in the thread (${DEFAULTS.members})
  --rate <number>      posts per second (${DEFAULTS.rate})
  --seconds <number>   length of a measurement (${DEFAULTS.seconds})
  --warm-up <number>   seconds of the same load before it (${DEFAULTS.warmUpSeconds})
  --peers <names>      some of ${DEFAULTS.peers.join(',')}; the last is the yardstick
  --profile <folder>   write CPU profiles of the servers there
  --json               print JSON instead of a table
`;

/** The command line as options, or that help is wanted. @throws Error that says what is wrong with it */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string' },
      members: { type: 'string' },
      rate: { type: 'string' },
      seconds: { type: 'string' },
      'warm-up': { type: 'string' },
      peers: { type: 'string' },
      profile: { type: 'string' },
      json: { type: 'boolean', default: DEFAULTS.json },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const count = (name: 'runs' | 'members' | 'rate' | 'seconds' | 'warm-up', otherwise: number): number => {
    const text = values[name];
    if (text === undefined) return otherwise;
    if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
    throw new Error(`--${name} must be a whole number above 0, not ${text}`);
  };
  if (values.help) return 'help';
  const rate = count('rate', DEFAULTS.rate);
  const seconds = count('seconds', DEFAULTS.seconds);
  const warmUpSeconds = count('warm-up', DEFAULTS.warmUpSeconds);
  if (rate * (seconds + warmUpSeconds) > POSTS_MAX) {
    throw new Error(`these are more than ${POSTS_MAX} posts; lower --rate or --seconds`);
  }
  return {
    runs: count('runs', DEFAULTS.runs),
    members: count('members', DEFAULTS.members),
    rate,
    seconds,
    warmUpSeconds,
    peers: values.peers === undefined ? DEFAULTS.peers : knownPeers(values.peers.split(',')),
    profile: values.profile,
    json: values.json,
  };
}

function knownPeers(names: readonly string[]): readonly string[] {
  const unknown = names.find((name) => !DEFAULTS.peers.includes(name));
  if (unknown === undefined) return names;
  throw new Error(`there is no peer ${unknown}; there are ${DEFAULTS.peers.join(', ')}`);
}
