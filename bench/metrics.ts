/** What a measurement of one process yields, by name. */
export interface Sample {
  readonly cpuUs: number;
  readonly cpuUserUs: number;
  readonly cpuSystemUs: number;
  readonly latencyP50Ms: number;
  readonly latencyP99Ms: number;
  readonly payloadBytes: number;
  readonly deliveriesPerFrame: number;
  readonly deliveriesPerRead: number;
  readonly rssEmptyMb: number;
  readonly rssConnectedMb: number;
  readonly rssAfterMb: number;
  readonly rssPerConnectionKb: number;
  readonly connectCpuMs: number;
  readonly loadBusyPercent: number;
  readonly othersPercent: number;
}

export type MetricName = keyof Sample;

export interface Metric {
  readonly name: MetricName;
  readonly title: string;
  readonly digits: number;
  /** Tells how far the others can be trusted, and nothing about the peer: it is not compared. */
  readonly isCircumstance?: boolean;
}

/** In the order of the table. */
export const METRICS: readonly Metric[] = [
  { name: 'cpuUs', title: 'CPU per delivery, µs', digits: 2 },
  { name: 'cpuUserUs', title: '  of it user', digits: 2 },
  { name: 'cpuSystemUs', title: '  of it system', digits: 2 },
  { name: 'latencyP50Ms', title: 'post to delivery, p50, ms', digits: 1 },
  { name: 'latencyP99Ms', title: 'post to delivery, p99, ms', digits: 1 },
  { name: 'payloadBytes', title: 'payload per delivery, bytes', digits: 0 },
  { name: 'deliveriesPerFrame', title: 'deliveries per frame', digits: 2 },
  { name: 'deliveriesPerRead', title: 'deliveries per read of a client', digits: 2 },
  { name: 'rssEmptyMb', title: 'RSS when started, MB', digits: 1 },
  { name: 'rssConnectedMb', title: 'RSS with all connected, MB', digits: 1 },
  { name: 'rssAfterMb', title: 'RSS after the load, MB', digits: 1 },
  { name: 'rssPerConnectionKb', title: 'RSS per connection, KB', digits: 1 },
  { name: 'connectCpuMs', title: 'CPU per connection made, ms', digits: 2 },
  { name: 'loadBusyPercent', title: 'load generator busy, %', digits: 0, isCircumstance: true },
  { name: 'othersPercent', title: 'server core taken by others, %', digits: 0, isCircumstance: true },
];
