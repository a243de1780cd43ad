import type { Finding, Results } from './results.ts';
import { scenariosOf } from './scenarios.ts';
import { WAYS } from './ways/all.ts';

type Seen = NonNullable<Finding['at']>;

const ROWS: readonly (readonly [title: string, of: (seen: Seen) => string])[] = [
  ['members', ({ members }) => String(members)],
  ['posts/s', ({ postsPerSecond }) => postsPerSecond.toFixed(1)],
  ['deliveries/s', ({ deliveriesPerSecond }) => deliveriesPerSecond.toFixed(0)],
  ['post to delivery, p50, ms', ({ p50Ms }) => p50Ms.toFixed(0)],
  ['post to delivery, p95, ms', ({ p95Ms }) => p95Ms.toFixed(0)],
  ['post to delivery, p99, ms', ({ p99Ms }) => p99Ms.toFixed(0)],
  ['bytes sent per delivery', ({ sentPerDelivery }) => sentPerDelivery.toFixed(0)],
  ['bytes received per delivery', ({ receivedPerDelivery }) => receivedPerDelivery.toFixed(0)],
  ['link used, %', ({ linkPercent }) => linkPercent.toFixed(0)],
  ['CPU of the server, %', ({ cpuPercent }) => cpuPercent.toFixed(0)],
  ['RSS of the server, MB', ({ rssMb }) => rssMb.toFixed(0)],
];

/** The results for people. */
export function tableOf({ machine, options, findings, serverOptions }: Results): string {
  const scenarios = scenariosOf(options)
    .map((scenario) => ({
      ...scenario,
      findings: findings.filter((finding) => finding.scenario === scenario.name),
    }))
    .filter((scenario) => scenario.findings.length > 0);
  const ways = WAYS.filter(({ name }) => findings.some(({ way }) => way === name));
  return [
    `${machine.cpu}, ${machine.kernel}, Bun ${machine.bun}; load average before ${machine.loadBefore.toFixed(2)}`,
    `server in a box of 1 core, 1 GB, 1 Mbps; pokers serve ${serverOptions.join(' ')}`.trimEnd(),
    '',
    ...scenarios.flatMap(({ title, about, findings }) => [`${title}: ${about}`, ...rowsOf(findings), '']),
    ...ways.map(({ title, about }) => `${title}: ${about}`),
    '',
  ].join('\n');
}

function rowsOf(findings: readonly Finding[]): string[] {
  const columns = [
    ['', ...ROWS.map(([title]) => title)],
    ...findings.map(({ way, at }) => [way, ...ROWS.map(([, of]) => (at ? of(at) : 'none'))]),
  ];
  const widths = columns.map((cells) => Math.max(...cells.map(({ length }) => length)));
  return (columns[0] ?? []).map((_, row) =>
    columns
      .map((cells, column) => {
        const [cell, width] = [cells[row] ?? '', widths[column] ?? 0];
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
