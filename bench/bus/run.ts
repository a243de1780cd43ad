/** What each bus costs for each event that a process hears, side by side. See README.md. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isBusMessage } from '@pokers/server/bus/process-messages';
import { Relay, type RelayPeer } from '@pokers/server/bus/relay';
import type { Subprocess } from 'bun';
import { startRedis } from '../../test/actors/redis-server.ts';
import { describeMachine } from '../machine.ts';
import { spreadOf } from '../statistics.ts';
import { usageOf } from '../usage.ts';
import type { FromNode, ToNode } from './node.ts';

const NODE = fileURLToPath(new URL('./node.ts', import.meta.url));

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '5' },
    runs: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const [perSecond, seconds, runs] = [values.rate, values.seconds, values.runs].map(Number) as [
  number,
  number,
  number,
];

/** Measured before the figures count, in s. */
const WARM_UP_SECONDS = 2;

interface Way {
  readonly name: string;
  readonly nodes: number;
  readonly bus: 'memory' | 'processes' | 'redis';
}

const WAYS: readonly Way[] = [
  { name: 'memory, 1 process', nodes: 1, bus: 'memory' },
  { name: 'processes, 1', nodes: 1, bus: 'processes' },
  { name: 'processes, 2', nodes: 2, bus: 'processes' },
  { name: 'processes, 4', nodes: 4, bus: 'processes' },
  { name: 'Redis, 1 process', nodes: 1, bus: 'redis' },
  { name: 'Redis, 2', nodes: 2, bus: 'redis' },
  { name: 'Redis, 4', nodes: 4, bus: 'redis' },
];

/** Of one measurement. CPU in µs for each event that some process heard. */
interface Figures {
  /** What the serving processes took. */
  readonly nodesUs: number;
  /** What the supervisor, or Redis, took. */
  readonly betweenUs: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

interface Node {
  readonly child: Subprocess;
  ask<K extends FromNode['bench']>(message: ToNode, answer: K): Promise<Extract<FromNode, { bench: K }>>;
}

async function measure({ nodes: count, bus }: Way): Promise<Figures> {
  const redis = bus === 'redis' ? await startRedis() : undefined;
  const relay = new Relay();
  const nodes: Node[] = [];
  try {
    for (let index = 0; index < count; index++) nodes.push(await startNode(redis?.url ?? bus, relay));
    await round(nodes, WARM_UP_SECONDS);
    const between = (): number => (redis ? cpuOf(redis.pid) : bus === 'processes' ? cpuOf(process.pid) : 0);
    const before = between();
    const reports = await round(nodes, seconds);
    const betweenUs = between() - before;
    const heard = reports.reduce((sum, report) => sum + report.heard, 0);
    const expected = perSecond * seconds * count;
    if (heard !== expected) throw new Error(`${heard} events were heard, and not ${expected}`);
    const latencies = reports.flatMap(({ latenciesMs }) => latenciesMs).toSorted((a, b) => a - b);
    return {
      nodesUs: reports.reduce((sum, { cpuUs }) => sum + cpuUs, 0) / heard,
      betweenUs: betweenUs / heard,
      medianMs: latencies[Math.floor(latencies.length / 2)] ?? 0,
      p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
    };
  } finally {
    for (const { child } of nodes) child.kill('SIGKILL');
    await redis?.end();
  }
}

/** All publish their part of the rate; answers what each heard and took. */
async function round(nodes: readonly Node[], forSeconds: number) {
  await Promise.all(nodes.map((node) => node.ask({ bench: 'report' }, 'report')));
  const part = { bench: 'publish', perSecond: perSecond / nodes.length, seconds: forSeconds } as const;
  await Promise.all(nodes.map((node) => node.ask(part, 'published')));
  await Bun.sleep(500); // what is under way
  return Promise.all(nodes.map((node) => node.ask({ bench: 'report' }, 'report')));
}

async function startNode(bus: string, relay: Relay): Promise<Node> {
  const waiting = new Map<FromNode['bench'], (message: FromNode) => void>();
  const child = Bun.spawn([process.execPath, NODE], {
    env: { ...process.env, BENCH_BUS: bus },
    stdio: ['ignore', 'inherit', 'inherit'],
    serialization: 'json',
    ipc: (message: unknown) => {
      if (isBusMessage(message)) return relay.receive(peer, message);
      const said = message as FromNode;
      waiting.get(said.bench)?.(said);
    },
  });
  const peer: RelayPeer = { send: (message) => child.send(message), overrun: () => child.kill('SIGKILL') };
  relay.add(peer);
  const hear = <K extends FromNode['bench']>(kind: K): Promise<Extract<FromNode, { bench: K }>> =>
    new Promise((resolve) => {
      waiting.set(kind, (said) => resolve(said as Extract<FromNode, { bench: K }>));
    });
  await hear('ready');
  return {
    child,
    ask(message, answer) {
      const heard = hear(answer);
      child.send(message);
      return heard;
    },
  };
}

function cpuOf(pid: number): number {
  const { userUs, systemUs } = usageOf(pid);
  return userUs + systemUs;
}

const results: { way: string; figures: Figures[] }[] = WAYS.map(({ name }) => ({ way: name, figures: [] }));
for (let run = 0; run < runs; run++) {
  for (const [index, way] of WAYS.entries()) {
    results[index]?.figures.push(await measure(way));
    process.stderr.write(`run ${run + 1}: ${way.name} done\n`);
  }
}
const median = (figures: readonly Figures[], of: keyof Figures): number =>
  spreadOf(figures.map((figure) => figure[of])).median;
const machine = describeMachine();
if (values.json) {
  process.stdout.write(`${JSON.stringify({ machine, perSecond, seconds, results }, null, 2)}\n`);
} else {
  const cells = (texts: readonly string[]): string => texts.map((text) => text.padStart(11)).join('');
  process.stdout.write(
    [
      `${machine.cpu}, ${machine.cores} cores, ${machine.kernel}, Bun ${machine.bun}`,
      `${perSecond} events/s in all, for ${seconds} s; medians of ${runs} runs; per event heard by a process`,
      '',
      `${''.padEnd(20)}${cells(['nodes µs', 'between µs', 'median ms', 'p99 ms'])}`,
      ...results.map(
        ({ way, figures }) =>
          way.padEnd(20) +
          cells([
            median(figures, 'nodesUs').toFixed(1),
            median(figures, 'betweenUs').toFixed(1),
            median(figures, 'medianMs').toFixed(2),
            median(figures, 'p99Ms').toFixed(2),
          ]),
      ),
      '',
    ].join('\n'),
  );
}
process.exit(0);
