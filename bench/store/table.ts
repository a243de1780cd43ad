import type { Spread } from '../statistics.ts';
import { OPERATIONS } from './growth.ts';
import type { DurableResult, EnginesResult, GrowthResult, OperationResult, Results } from './results.ts';

/** The results for people. */
export function tableOf({ machine, options, scratch, durable, growth, engines, postgres }: Results): string {
  const { folder, isInMemory, syncMs } = scratch;
  const lines = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.kernel}, Bun ${machine.bun}`,
    `load average before ${machine.loadBefore.toFixed(2)}; ${options.runs} runs in turn, median (min–max)`,
    `databases in ${folder}: writing 4 KiB and fdatasync take ${figure(syncMs, 3)} ms`,
  ];
  if (isInMemory)
    lines.push('THAT FOLDER IS IN MEMORY: nothing is durable there. Set TMPDIR to one on a disk.');
  if (durable.length > 0) lines.push('', ...durableTable(durable));
  if (engines.length > 0) lines.push('', ...enginesTable(engines, postgres ?? ''));
  for (const result of growth) lines.push('', ...growthTable(result));
  return `${lines.join('\n')}\n`;
}

function durableTable(results: readonly DurableResult[]): string[] {
  return [
    'Durable posts: × raw is the share of raw SQLite’s posts/s in batches of the same size',
    ...rowsOf([
      [
        'posters',
        'disk',
        'batch',
        'posts/s',
        'p50, ms',
        'p99, ms',
        'CPU, µs',
        'raw SQLite/s',
        'its CPU, µs',
        'same statements/s',
        '× raw',
      ],
      ...results.map(({ posters, delayMs, spreads }) => [
        String(posters),
        delayMs === 0 ? 'as it is' : `+ ${delayMs} ms`,
        spreads.batch.median.toFixed(1),
        figure(spreads.postsPerSecond, 0),
        spreads.p50Ms.median.toFixed(2),
        spreads.p99Ms.median.toFixed(2),
        spreads.cpuUs.median.toFixed(1),
        figure(spreads.rawPerSecond, 0),
        spreads.rawCpuUs.median.toFixed(1),
        spreads.statementsPerSecond.median.toFixed(0),
        figure(spreads.ofRaw, 2),
      ]),
    ]),
  ];
}

function enginesTable(results: readonly EnginesResult[], version: string): string[] {
  return [
    `Durable posts to one thread: SQLite beside PostgreSQL ${version}, in turns`,
    ...rowsOf([
      [
        'posters',
        'SQLite, posts/s',
        'p50, ms',
        'p99, ms',
        'PostgreSQL, posts/s',
        'p50, ms',
        'p99, ms',
        '× SQLite',
      ],
      ...results.map(({ posters, spreads }) => [
        String(posters),
        figure(spreads.sqlitePerSecond, 0),
        spreads.sqliteP50Ms.median.toFixed(2),
        spreads.sqliteP99Ms.median.toFixed(2),
        figure(spreads.postgresPerSecond, 0),
        spreads.postgresP50Ms.median.toFixed(2),
        spreads.postgresP99Ms.median.toFixed(2),
        figure(spreads.ofSqlite, 2),
      ]),
    ]),
  ];
}

function growthTable({ about, operations }: GrowthResult): string[] {
  return [
    about.title,
    ...rowsOf([
      ['', 'CPU, µs', '×', 'wall, µs', '×'],
      ...operations.map((operation) => [titleOf(operation), ...figuresOf(operation)]),
    ]),
  ];
}

function titleOf({ name }: OperationResult): string {
  return OPERATIONS.find((operation) => operation.name === name)?.title ?? name;
}

function figuresOf({ cpuUs, cpuRatio, wallUs, wallRatio }: OperationResult): string[] {
  return [figure(cpuUs, 1), figure(cpuRatio, 2), figure(wallUs, 1), figure(wallRatio, 2)];
}

function figure({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

/** Cells as wide as the widest of their column: the first to the left, the others to the right. */
function rowsOf(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
