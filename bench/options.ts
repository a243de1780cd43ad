import { parseArgs } from 'node:util';
import { POSTS_MAX } from './load/post-text.ts';
import { MORE_PEERS, PEERS } from './peers/all.ts';
import { postsOf, WORKLOADS, type Workload } from './workloads.ts';

export interface Options {
  /** How many times each peer is measured under each workload, in a fresh process each time. */
  readonly runs: number;
  readonly workloads: readonly Workload[];
  /** Names, or paths of modules, of the peers that take part; the last one is what the others are compared with. */
  readonly peers: readonly string[];
  /** Folder for CPU profiles of the servers (`--cpu-prof`). The figures of such a run mean little. */
  readonly profile: string | undefined;
  /** Figures for programs, on stdout, instead of the tables. */
  readonly json: boolean;
}

const RUNS = 3;
const NAMES = PEERS.map(({ name }) => name);

export const USAGE = `Usage: npm run bench -- [options]
  --runs <number>      measurements of each peer under each workload, in turn (${RUNS})
  --work <names>       some of ${WORKLOADS.map(({ name }) => name).join()} (all)
  --peers <names>      some of ${NAMES.join()}; the last is the yardstick
  --with <names>       more: ${MORE_PEERS.map(({ name }) => name).join()}, or the path of a module that exports a peer
  --profile <folder>   write CPU profiles of the servers there
  --json               print JSON instead of tables
Change the workloads; without --work, --members and --rate make one of their own:
  --members <number>   connections that listen
  --rate <number>      posts per second
  --seconds <number>   length of a measurement
  --warm-up <number>   seconds of load before it, at 300 posts/s or more
`;

const NUMBERS = ['runs', 'members', 'rate', 'seconds', 'warm-up'] as const;
type Numbers = Readonly<Partial<Record<(typeof NUMBERS)[number], number>>>;

/** The command line as options, or that help is wanted. @throws Error that says what is wrong with it */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string' },
      work: { type: 'string' },
      members: { type: 'string' },
      rate: { type: 'string' },
      seconds: { type: 'string' },
      'warm-up': { type: 'string' },
      peers: { type: 'string' },
      with: { type: 'string' },
      profile: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const numbers: Record<string, number> = {};
  for (const name of NUMBERS) {
    const text = values[name];
    if (text !== undefined) numbers[name] = wholeNumber(name, text);
  }
  return {
    runs: numbers.runs ?? RUNS,
    workloads: workloadsOf(values.work, numbers),
    peers: peersOf(values.peers, values.with),
    profile: values.profile,
    json: values.json,
  };
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a whole number above 0, not ${text}`);
}

function workloadsOf(names: string | undefined, numbers: Numbers): Workload[] {
  const workloads = chosen(names, numbers).map((workload) => changed(workload, numbers));
  const tooMany = workloads.find((workload) => postsOf(workload) > POSTS_MAX);
  if (tooMany) throw new Error(`${tooMany.name}: more than ${POSTS_MAX} posts; lower --rate or --seconds`);
  return workloads;
}

function chosen(names: string | undefined, { members, rate }: Numbers): readonly Workload[] {
  if (names) return names.split(',').map(workloadNamed);
  if (members === undefined && rate === undefined) return WORKLOADS;
  return [{ ...workloadNamed('100'), name: 'custom' }];
}

function workloadNamed(name: string): Workload {
  const workload = WORKLOADS.find((candidate) => candidate.name === name);
  if (workload) return workload;
  throw new Error(`there is no workload ${name}; there are ${WORKLOADS.map(({ name }) => name).join(', ')}`);
}

/** Where the workload has such a number at all. */
function changed({ name, members, threads, load }: Workload, numbers: Numbers): Workload {
  const { rate, seconds, 'warm-up': warmUpSeconds } = numbers;
  return {
    name,
    members: numbers.members ?? members,
    threads,
    load: {
      ...load,
      ...(load.kind === 'paced' && rate !== undefined && { rate }),
      ...(seconds !== undefined && { seconds }),
      ...(load.kind !== 'idle' && warmUpSeconds !== undefined && { warmUpSeconds }),
    },
  };
}

/** The yardstick stays last. */
function peersOf(names: string | undefined, more: string | undefined): string[] {
  const peers = names?.split(',') ?? NAMES;
  const added = more?.split(',').filter((name) => !peers.includes(name)) ?? [];
  return [...peers.slice(0, -1), ...added, ...peers.slice(-1)];
}
