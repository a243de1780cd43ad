import { aligned } from './aligned.ts';
import { type GoalResult, goalsOf } from './goals.ts';
import { METRICS, type Metric, type MetricName } from './metrics.ts';
import { mediansOf, type PeerResult, type Results, type WorkloadResult } from './results.ts';
import { warningsOf } from './warnings.ts';
import { describeWorkload } from './workloads.ts';

/** Compared with besides the yardstick, where it takes part. */
const ALSO_COMPARED_WITH = 'socket.io';

/** The results for people: for each workload a table with a row for each metric. */
export function tableOf(results: Results): string {
  const { machine, options, cores, peers, absent, workloads } = results;
  const references = referencesOf(peers.map(({ name }) => name));
  const pinning =
    cores.server.length === 0
      ? 'nothing pinned: the figures are rough'
      : `server on core ${cores.server.join()}, load on ${cores.load.join()}`;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.kernel}, TCP ${machine.congestionControl}, Bun ${machine.bun}`,
    `load average before ${machine.loadBefore.toFixed(2)}; ${pinning}`,
    `medians (min–max) of ${options.runs} fresh processes each`,
    '',
    ...peers.map(({ name, about }) => `${name}: ${about}`),
    ...absent.map(({ name, why }) => `without ${name}: ${why}`),
    ...workloads.flatMap((result) => ['', ...workloadTable(result, references)]),
    ...goalList(goalsOf(results)),
    '',
  ].join('\n');
}

/** Whom the others are compared with. */
function referencesOf(names: readonly string[]): string[] {
  if (names.length < 2) return [];
  return names.filter((name, index) => index === names.length - 1 || name === ALSO_COMPARED_WITH).reverse();
}

function workloadTable({ workload, peers }: WorkloadResult, references: readonly string[]): string[] {
  const metrics: readonly (Metric & { name: MetricName })[] = METRICS;
  const rows = metrics
    .filter(({ name }) => peers.some(({ spreads }) => spreads[name]))
    .flatMap((metric) => [
      [metric.title, ...peers.map((peer) => figure(peer, metric))],
      ...references.filter(() => metric.isCompared).map((name) => comparison(peers, metric.name, name)),
    ]);
  return [
    `${workload.name}: ${describeWorkload(workload)}`,
    ...aligned([['', ...peers.map(({ name }) => name)], ...rows]),
    ...peers.flatMap((peer) => warningsOf(mediansOf(peer)).map((warning) => `${peer.name}: ${warning}`)),
    ...peers.flatMap(({ name, failures }) => failures.map((why) => `${name} FAILED: ${why}`)),
  ];
}

function figure({ spreads }: PeerResult, { name, digits }: Metric & { name: MetricName }): string {
  const spread = spreads[name];
  if (!spread) return '–';
  const { median, min, max } = spread;
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

function comparison(peers: readonly PeerResult[], metric: MetricName, reference: string): string[] {
  const theirs = peers.find(({ name }) => name === reference)?.spreads[metric]?.median;
  const quotients = peers.map(({ name, spreads }) => {
    const ours = spreads[metric]?.median;
    return name === reference || !ours || !theirs ? '' : `×${(ours / theirs).toFixed(2)}`;
  });
  return [`  × ${reference}`, ...quotients];
}

function goalList(goals: readonly GoalResult[]): string[] {
  if (goals.length === 0) return [];
  const rows = goals.map(({ about, isAtLeast, limit, figure, isMet }) => [
    about,
    short(figure),
    `${isAtLeast ? 'at least' : 'at most'} ${short(limit)}`,
    isMet ? 'met' : 'NOT MET',
  ]);
  return ['', 'Goals for pokers-v2', ...aligned(rows)];
}

function short(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0);
}
