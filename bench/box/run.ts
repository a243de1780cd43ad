/** How many a rented server of 1 core, 1 GB and 1 Mbps bears, in each way of taking part. See README.md. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Children } from '../children.ts';
import { describeMachine } from '../machine.ts';
import { usageOf } from '../usage.ts';
import { Box } from './box.ts';
import { chartOf } from './chart.ts';
import { Crowd, type Observed } from './crowd.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import type { Finding, Results } from './results.ts';
import { type Scenario, scenariosOf, tooMuch } from './scenarios.ts';
import { largest } from './search.ts';
import { type Classroom, foundClassroom, serverKnows, startServer } from './server.ts';
import { deadOwners, NAME } from './system.ts';
import { tableOf } from './table.ts';
import { WAYS } from './ways/all.ts';
import type { Way } from './ways/way.ts';

const MB = 1024 * 1024;

const progress = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

interface Rig {
  readonly box: Box;
  readonly children: Children;
  readonly classroom: Classroom;
  readonly serverOptions: readonly string[];
}

/** What one way bears in one scenario, on a fresh server. */
async function find(scenario: Scenario, way: Way, rig: Rig): Promise<Finding> {
  const { box, children, classroom, serverOptions } = rig;
  const server = await startServer(children, classroom, box.host, box.confine, serverOptions);
  const crowd = new Crowd(way, server, box);
  const tried: Observed[] = [];
  const held = new Map<number, NonNullable<Finding['at']>>();
  const holds = async (size: number): Promise<boolean> => {
    const { members, postsPerSecond } = scenario.load(size);
    try {
      await crowd.grow(members);
    } catch (error) {
      progress(`${scenario.title}, ${way.title}, ${members} members do not get in: ${messageOf(error)}`);
      await crowd.leave();
      return false;
    }
    const observed = await crowd.run(postsPerSecond);
    tried.push(observed);
    const reason = tooMuch(observed);
    progress(`${scenario.title}, ${way.title}, ${describe(observed)}: ${reason ?? 'in time'}`);
    if (reason === undefined) held.set(size, { ...observed, rssMb: usageOf(server.child.pid).rss / MB });
    else await crowd.leave();
    return reason === undefined;
  };
  try {
    if (scenario.hasPosters) await crowd.bringPosters();
    const size = await largest(scenario.guess(way), holds);
    const at = size === undefined ? undefined : held.get(size);
    const result = size !== undefined && at ? scenario.result(size, at) : 0;
    await crowd.leave();
    await server.child.stop();
    return { scenario: scenario.name, way: way.name, result, at, tried };
  } catch (cause) {
    throw new Error(`${way.title}: ${String(cause)}\nThe server said:\n${server.child.said()}`, { cause });
  }
}

function describe({
  members,
  postsPerSecond,
  p95Ms,
  deliveriesPerSecond,
  linkPercent,
  cpuPercent,
}: Observed) {
  return [
    `${members} members, ${postsPerSecond.toFixed(1)} posts/s`,
    `p95 ${p95Ms.toFixed(0)} ms`,
    `${deliveriesPerSecond.toFixed(0)} deliveries/s`,
    `link ${linkPercent.toFixed(0)} %`,
    `CPU ${cpuPercent.toFixed(0)} %`,
  ].join(', ');
}

async function bench(options: Options, box: Box, children: Children, scratch: string): Promise<Results> {
  const machine = describeMachine();
  const classroom = await foundClassroom(children, scratch);
  const serverOptions = options.egress && serverKnows('--egress') ? ['--egress', options.egress] : [];
  const findings: Finding[] = [];
  for (const scenario of scenariosOf(options).filter(({ name }) => options.scenarios.includes(name))) {
    const names = scenario.name === 'busy' ? options.busyWays : options.ways;
    for (const way of WAYS.filter(({ name }) => names.includes(name)))
      findings.push(await find(scenario, way, { box, children, classroom, serverOptions }));
  }
  return { machine, options, serverOptions, findings };
}

/** A folder for the servers' data. Removes those that runs left behind that were ended by force. */
function scratchFolder(): string {
  const folderOf = (owner: number): string => join(tmpdir(), NAME + owner);
  for (const owner of deadOwners(readdirSync(tmpdir()).join('\n')))
    rmSync(folderOf(owner), { recursive: true, force: true });
  mkdirSync(folderOf(process.pid), { recursive: true });
  return folderOf(process.pid);
}

/** The box, or why there is none on this machine. */
function openBox(): Box | string {
  const missing = Box.missing();
  if (missing) return missing;
  try {
    return Box.open();
  } catch (error) {
    return messageOf(error);
  }
}

async function main(): Promise<number> {
  let options: Options | 'help';
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`bench:box: ${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const children = new Children();
  const scratch = scratchFolder();
  let box: Box | string | undefined;
  process.on('exit', () => {
    children.killAll();
    if (box instanceof Box) box.close();
    rmSync(scratch, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
  box = openBox();
  if (typeof box === 'string') {
    process.stdout.write(`skipped: ${box}\n`);
    return 0;
  }
  try {
    const results = await bench(options, box, children, scratch);
    mkdirSync(dirname(options.svg), { recursive: true });
    writeFileSync(options.svg, chartOf(results));
    process.stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : tableOf(results));
    return 0;
  } catch (error) {
    process.stderr.write(`bench:box: ${messageOf(error)}\n`);
    return 1;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.exit(await main());
