import type { Results } from './run.ts';

/** The results for people. */
export function tableOf({ machine, options, scratch, build, times, recall, others, posts }: Results): string {
  const lines = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.kernel}, Bun ${machine.bun}`,
    `load average before ${machine.loadBefore.toFixed(2)}; fdatasync takes ${scratch.syncMs.median.toFixed(3)} ms in ${scratch.folder}`,
    `${count(options.messages)} messages in ${count(options.classes)} classes`,
    '',
    `indexed ${count(build.perSecond)} messages/s; the index takes ${megabytes(build.indexBytes)}, the store ${megabytes(build.storeBytes)}`,
  ];
  if (times.length > 0)
    lines.push('', `The first page: ${options.queries} queries each`, ...timesTable(times));
  if (recall.length > 0) lines.push('', 'Against a look at every message, all pages', ...recallTable(recall));
  if (others.length > 0)
    lines.push(
      '',
      `What FTS5’s own tokenizers find of ${count(options.compared)} messages`,
      ...othersTable(others),
    );
  if (posts.length > 0) lines.push('', 'Posts, 64 at once', ...postsTable(posts));
  return `${lines.join('\n')}\n`;
}

function timesTable(times: Results['times']): string[] {
  return rowsOf([
    ['query', 'member', 'p50, ms', 'p95, ms', 'longest, ms', 'found some'],
    ...times.map(({ query, searcher, p50Ms, p95Ms, maxMs, found }) => [
      query,
      searcher,
      p50Ms.toFixed(2),
      p95Ms.toFixed(2),
      maxMs.toFixed(2),
      percent(found),
    ]),
  ]);
}

function recallTable(recall: Results['recall']): string[] {
  return rowsOf([
    ['query', 'queries', 'matches', 'missed', 'wrong', 'recall'],
    ...recall.map(({ query, queries, matches, missed, wrong }) => [
      query,
      String(queries),
      count(matches),
      String(missed),
      String(wrong),
      percent(matches === 0 ? 1 : 1 - missed / matches),
    ]),
  ]);
}

function othersTable(others: Results['others']): string[] {
  return rowsOf([
    ['query', ...Object.keys(others[0]?.recall ?? {})],
    ...others.map(({ query, recall }) => [query, ...Object.values(recall).map(percent)]),
  ]);
}

function postsTable(posts: Results['posts']): string[] {
  return rowsOf([
    ['', 'posts/s', 'p50, ms', 'p99, ms', 'CPU, µs'],
    ...posts.map(({ indexing, perSecond, p50Ms, p99Ms, cpuUs }) => [
      indexing ? 'indexed meanwhile' : 'not indexed',
      `${count(perSecond.median)} (${count(perSecond.min)}–${count(perSecond.max)})`,
      p50Ms.toFixed(2),
      p99Ms.toFixed(2),
      cpuUs.median.toFixed(1),
    ]),
  ]);
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

/** Of nothing there is no part. */
function percent(part: number): string {
  if (Number.isNaN(part)) return '–';
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
