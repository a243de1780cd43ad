/** How many nodes does it take? Threads, listeners and posts drawn at random, with costs that were measured. See README.md. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { calibrate } from './calibrate.ts';
import { check } from './check.ts';
import { Costs } from './costs.ts';
import { measuredIn, readFigures } from './figures.ts';
import { type Demand, demandOf, fullest, nodesFor, type Room } from './node.ts';
import { checkTable, demandTable } from './table.ts';

const USAGE = `Usage: npm run bench:simulate -- [options]
  --connected <number>        people connected at a moment (10000,100000,1000000,100000000)
  --class-size <number>       connected people of one class, on average (30)
  --class-size-max <number>   of the largest (2000)
  --threads <number>          threads of a class (3)
  --posts-per-minute <number> of each who is connected (0.5)
  --together <share>          of a class that is on one node, where nodes are chosen by class (0)
  --nodes <number>            serving processes; without it, the fewest that have room
  --cpu <share>               of a core that a node may take on average (0.6)
  --memory <MB>               of a node (1000)
  --link <Mbit/s>             of a node (1000)
  --costs <file>              costs of another machine, as --calibrate prints them
  --calibrate <file>          costs out of figures of 'npm run bench -- --json', and nothing else
  --check <file>              what the simulation says of such figures, beside what was measured
  --json                      figures for programs
Numbers may be lists: 1000,10000.
`;

const COSTS = fileURLToPath(new URL('./costs.json', import.meta.url));

function main(): number {
  const { values } = parseArgs({
    options: {
      connected: { type: 'string', default: '10000,100000,1000000,100000000' },
      'class-size': { type: 'string', default: '30' },
      'class-size-max': { type: 'string', default: '2000' },
      threads: { type: 'string', default: '3' },
      'posts-per-minute': { type: 'string', default: '0.5' },
      together: { type: 'string', default: '0' },
      nodes: { type: 'string' },
      cpu: { type: 'string', default: '0.6' },
      memory: { type: 'string', default: '1000' },
      link: { type: 'string', default: '1000' },
      costs: { type: 'string', default: COSTS },
      calibrate: { type: 'string' },
      check: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return print(USAGE);
  const asJson = (value: unknown): number => print(`${JSON.stringify(value, null, 2)}\n`);
  if (values.calibrate) return asJson(calibrate(readFigures(readFileSync(values.calibrate, 'utf8'))));
  const costs = Costs.parse(JSON.parse(readFileSync(values.costs, 'utf8')));
  if (values.check) {
    const checked = measuredIn(readFigures(readFileSync(values.check, 'utf8'))).map((one) =>
      check(one, costs),
    );
    return values.json ? asJson(checked) : print(checkTable(checked, costs));
  }
  const room: Room = {
    cpu: numberOf('cpu', values.cpu),
    memoryMb: numberOf('memory', values.memory),
    linkMbit: numberOf('link', values.link),
  };
  const demands = cross([
    numbersOf('connected', values.connected),
    numbersOf('class-size', values['class-size']),
    numbersOf('posts-per-minute', values['posts-per-minute']),
    values.nodes === undefined ? [undefined] : numbersOf('nodes', values.nodes),
  ]).map(([connected = 0, classSize = 0, postsPerMinute = 0, nodes]): Demand => {
    const world = {
      connected,
      classSize,
      postsPerMinute,
      classSizeMax: numberOf('class-size-max', values['class-size-max']),
      threads: numberOf('threads', values.threads),
      together: shareFrom(values.together),
    };
    return nodes === undefined ? nodesFor(world, costs, room) : demandOf({ ...world, nodes }, costs);
  });
  if (values.json)
    return asJson({ costs, demands: demands.map((one) => ({ ...one, first: fullest(one, room) })) });
  return print(demandTable(demands, costs, room));
}

/** All ways to take one of each list. */
function cross<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((ways, list) => ways.flatMap((way) => list.map((one) => [...way, one])), [[]]);
}

function numbersOf(name: string, text: string): number[] {
  return text.split(',').map((part) => numberOf(name, part));
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number > 0 && Number.isFinite(number)) return number;
  throw new Error(`--${name} must be a number above 0, not ${text}`);
}

function shareFrom(text: string): number {
  const share = Number(text);
  if (share >= 0 && share <= 1) return share;
  throw new Error(`--together must be from 0 to 1, not ${text}`);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

try {
  process.exit(main());
} catch (error) {
  process.stderr.write(`simulate: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exit(2);
}
