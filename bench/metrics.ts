export interface Metric {
  readonly name: string;
  readonly title: string;
  readonly digits: number;
  /** Worth a comparison with others. */
  readonly isCompared?: boolean;
}

/** In the order of the table. */
export const METRICS = [
  { name: 'cpuUs', title: 'CPU per delivery, µs', digits: 2, isCompared: true },
  { name: 'cpuUserUs', title: '  of it user', digits: 2 },
  { name: 'cpuSystemUs', title: '  of it system', digits: 2 },
  { name: 'deliveriesPerCpuSecond', title: 'deliveries per CPU-second, thousands', digits: 0 },
  { name: 'deliveriesPerSecond', title: 'deliveries per second, thousands', digits: 1 },
  { name: 'latencyP50Ms', title: 'post to delivery, p50, ms', digits: 1 },
  { name: 'latencyP99Ms', title: 'post to delivery, p99, ms', digits: 1 },
  { name: 'bytes', title: 'bytes per delivery', digits: 0, isCompared: true },
  { name: 'deliveriesPerFrame', title: 'deliveries per frame', digits: 2 },
  { name: 'deliveriesPerRead', title: 'deliveries per read of a client', digits: 2 },
  { name: 'rssEmptyMb', title: 'RSS when started, MB', digits: 1 },
  { name: 'rssConnectedMb', title: 'RSS with all connected, MB', digits: 1 },
  { name: 'rssAfterMb', title: 'RSS after the load, MB', digits: 1 },
  { name: 'rssPerConnectionKb', title: 'RSS per connection, KB', digits: 1, isCompared: true },
  { name: 'rssPerFurtherKb', title: '  of the last two thirds', digits: 1 },
  { name: 'connectCpuMs', title: 'CPU per connection made, ms', digits: 2 },
  { name: 'serverBusyPercent', title: 'server busy, % of a core', digits: 0 },
  { name: 'loadBusyPercent', title: 'load generator busy, %', digits: 0 },
  { name: 'othersPercent', title: 'server core taken by others, %', digits: 0 },
] as const satisfies readonly Metric[];

export type MetricName = (typeof METRICS)[number]['name'];

/** What a measurement of one process yields, by name: what applies to its workload. */
export type Sample = Readonly<Partial<Record<MetricName, number>>>;
