import type { Results } from './run.ts';

/** The results for people. */
export function tableOf({ machine, options, scratch, build, times, recall, others, posts }: Results): string {
  const lines = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.kernel}, Bun ${machine.bun}`,
    `load average before ${machine.loadBefore.toFixed(2)}; fdatasync takes ${scratch.syncMs.median.toFixed(3)} ms in ${scratch.folder}`,
    `${count(options.messages)} messages in ${count(options.classes)} classes`,
    '',
    `indexed ${count(build.perSecond)} messages/s; the index takes ${megabytes(build.indexBytes)}, the store ${megabytes(build.storeBytes)}`,
    '',
    `The first page: ${options.queries} queries each`,
    ...rowsOf([
      ['query', 'member', 'p50, ms', 'p95, ms', 'longest, ms', 'found some'],
      ...times.map((cell) => [
        cell.query,
        cell.searcher,
        cell.p50Ms.toFixed(2),
        cell.p95Ms.toFixed(2),
        cell.maxMs.toFixed(2),
        percent(cell.found),
      ]),
    ]),
    '',
    'Against a look at every message, all pages',
    ...rowsOf([
      ['query', 'queries', 'matches', 'missed', 'wrong', 'recall'],
      ...recall.map(({ query, queries, matches, missed, wrong }) => [
        query,
        String(queries),
        count(matches),
        String(missed),
        String(wrong),
        percent(matches === 0 ? 1 : 1 - missed / matches),
      ]),
    ]),
    '',
    `What FTS5’s own tokenizers find of ${count(options.compared)} messages`,
    ...rowsOf([
      ['query', ...Object.keys(others[0]?.recall ?? {})],
      ...others.map((row) => [row.query, ...Object.values(row.recall).map(percent)]),
    ]),
    '',
    'Posts, 64 at once',
    ...rowsOf([
      ['', 'posts/s', 'p50, ms', 'p99, ms', 'CPU, µs'],
      ...posts.map(({ indexing, perSecond, p50Ms, p99Ms, cpuUs }) => [
        indexing ? 'indexed meanwhile' : 'not indexed',
        `${count(perSecond.median)} (${count(perSecond.min)}–${count(perSecond.max)})`,
        p50Ms.toFixed(2),
        p99Ms.toFixed(2),
        cpuUs.median.toFixed(1),
      ]),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(part === 1 || part === 0 ? 0 : 1)} %`;
}

/** Rows, with each column as wide as its widest cell: the first to the left, the others to the right. */
function rowsOf(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths?.[column] ?? 0) : cell.padStart(widths?.[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
