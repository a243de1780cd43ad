import { parseArgs } from 'node:util';
import { SCENARIO_NAMES, SPEAKS_EVERY } from './scenarios.ts';
import { WAYS } from './ways/all.ts';

export interface Options {
  /** The ways that take part, by name. */
  readonly ways: readonly string[];
  /** The ways that take part in the busy thread. */
  readonly busyWays: readonly string[];
  readonly scenarios: readonly string[];
  /** How often a member of the class posts, in seconds on average. */
  readonly speaksEvery: number;
  /** What the server is told of its link (`--egress`); undefined: nothing. */
  readonly egress: string | undefined;
  /** Where the chart is written. */
  readonly svg: string;
  /** Figures for programs, on stdout, instead of the table. */
  readonly json: boolean;
}

export const DEFAULTS: Options = {
  ways: ['polling', 'long-polling', 'classic', 'v2'],
  busyWays: ['classic', 'v2'],
  scenarios: SCENARIO_NAMES,
  speaksEvery: SPEAKS_EVERY,
  egress: '1mbit',
  svg: 'docs/images/box.svg',
  json: false,
};

export const USAGE = `Usage: npm run bench:box -- [options]
  --ways <names>       some of ${WAYS.map(({ name }) => name).join(',')} (${DEFAULTS.ways})
  --busy-ways <names>  those of them in the busy thread (${DEFAULTS.busyWays})
  --scenarios <names>  some of ${DEFAULTS.scenarios.join(',')}
  --speaks-every <s>   how often a member of the class posts, in seconds on average (${DEFAULTS.speaksEvery})
  --egress <rate>      what the server is told of its link, or off (${DEFAULTS.egress})
  --svg <file>         where the chart is written (${DEFAULTS.svg})
  --json               print JSON instead of a table
`;

/** The command line as options, or that help is wanted. @throws Error that says what is wrong with it */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ways: { type: 'string' },
      'busy-ways': { type: 'string' },
      scenarios: { type: 'string' },
      'speaks-every': { type: 'string', default: String(DEFAULTS.speaksEvery) },
      egress: { type: 'string', default: DEFAULTS.egress ?? 'off' },
      svg: { type: 'string', default: DEFAULTS.svg },
      json: { type: 'boolean', default: DEFAULTS.json },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const speaksEvery = Number(values['speaks-every']);
  if (!(speaksEvery > 0)) throw new Error('--speaks-every must be a number above 0');
  const ways = WAYS.map(({ name }) => name);
  return {
    ways: known(values.ways, ways) ?? DEFAULTS.ways,
    busyWays: known(values['busy-ways'], ways) ?? DEFAULTS.busyWays,
    scenarios: known(values.scenarios, DEFAULTS.scenarios) ?? DEFAULTS.scenarios,
    speaksEvery,
    egress: values.egress === 'off' ? undefined : values.egress,
    svg: values.svg,
    json: values.json,
  };
}

/** @throws Error when something is named that there is not */
function known(names: string | undefined, all: readonly string[]): readonly string[] | undefined {
  const chosen = names?.split(',');
  const unknown = chosen?.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`there is no ${unknown}; there are ${all.join(', ')}`);
  return chosen;
}
