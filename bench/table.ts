import { METRICS, type Metric } from './metrics.ts';
import type { PeerResult, Results } from './results.ts';

/** The results for people: a row for each metric, and how each peer compares with the last one. */
export function tableOf({ machine, options, cores, peers }: Results): string {
  const yardstick = peers.length > 1 ? peers.at(-1) : undefined;
  const columns = [
    ['', ...METRICS.map(({ title }) => title)],
    ...peers.flatMap((peer) => {
      const figures = [peer.name, ...METRICS.map((metric) => figure(peer, metric))];
      if (!yardstick || peer === yardstick) return [figures];
      return [figures, ['', ...METRICS.map((metric) => ratio(peer, yardstick, metric))]];
    }),
  ];
  const { members, rate, seconds, runs } = options;
  const pinning =
    cores.server.length === 0
      ? 'nothing pinned: the figures are rough'
      : `server on core ${cores.server.join()}, load on ${cores.load.join()}`;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.kernel}, TCP ${machine.congestionControl}, Bun ${machine.bun}`,
    `load average before ${machine.loadBefore.toFixed(2)}; ${pinning}`,
    `one thread, ${members} members, ${rate} posts/s for ${seconds} s, ${runs} fresh processes each`,
    `median (min–max)${yardstick ? `, × ${yardstick.name}` : ''}`,
    '',
    ...rowsOf(columns),
    '',
    ...peers.map(({ name, about }) => `${name}: ${about}`),
    '',
  ].join('\n');
}

function figure({ spreads }: PeerResult, { name, digits }: Metric): string {
  const { median, min, max } = spreads[name];
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

function ratio(peer: PeerResult, yardstick: PeerResult, { name, isCircumstance }: Metric): string {
  if (isCircumstance) return '';
  const quotient = peer.spreads[name].median / yardstick.spreads[name].median;
  return Number.isFinite(quotient) ? `×${quotient.toFixed(2)}` : '';
}

/** Columns, each as wide as its widest cell: the first to the left, the others to the right. */
function rowsOf(columns: readonly (readonly string[])[]): string[] {
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => cell.length)));
  const rows = columns[0]?.map((_, row) => columns.map((cells) => cells[row] ?? '')) ?? [];
  return rows.map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
