/** Posts at random moments, so many a second on average, whether the server keeps up or not. */
export interface PacedLoad {
  readonly kind: 'paced';
  readonly rate: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

/** So many posts are always on their way: the next is made when all members have one of those before. */
export interface SaturatingLoad {
  readonly kind: 'saturating';
  readonly outstanding: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

/** Nothing for a while; then one post, that all members are asked for. */
export interface IdleLoad {
  readonly kind: 'idle';
  readonly seconds: number;
}

/** What every peer does. */
export interface Workload {
  readonly name: string;
  /** Connections that listen. */
  readonly members: number;
  /** They are spread evenly over so many threads, and so are the posts. */
  readonly threads: number;
  readonly load: PacedLoad | SaturatingLoad | IdleLoad;
}

/** Where the server alone says how many posts are made: more than any makes, each time. */
export const SATURATING_POSTS_MAX = 100_000;

/** In the order of the report. */
export const WORKLOADS: readonly Workload[] = [
  { name: '20', members: 1000, threads: 1, load: paced(20, 5) },
  { name: '100', members: 1000, threads: 1, load: paced(100, 5) },
  { name: '1000', members: 1000, threads: 1, load: paced(1000, 2, 0.5) },
  { name: 'threads', members: 990, threads: 33, load: paced(200, 4) },
  {
    name: 'saturated',
    members: 1000,
    threads: 1,
    load: { kind: 'saturating', outstanding: 512, seconds: 3, warmUpSeconds: 1 },
  },
  { name: 'idle', members: 15_000, threads: 1, load: { kind: 'idle', seconds: 15 } },
];

function paced(rate: number, seconds: number, warmUpSeconds = 3): PacedLoad {
  return { kind: 'paced', rate, seconds, warmUpSeconds };
}

/** The most posts in the life of a server under this workload. */
export function postsOf({ threads, load }: Workload): number {
  if (load.kind === 'paced') return load.rate * load.seconds + warmUpPostsOf(load);
  return load.kind === 'saturating' ? 2 * SATURATING_POSTS_MAX : threads;
}

/** Posts a second before what is measured, at least: the code of a server that has run for a minute is compiled. */
const WARM_UP_RATE = 300;

/** The posts before those that are measured. */
export function warmUpPostsOf({ rate, warmUpSeconds }: PacedLoad): number {
  return Math.round(Math.max(rate, WARM_UP_RATE) * warmUpSeconds);
}

/** The workload in words. */
export function describeWorkload({ members, threads, load }: Workload): string {
  const where = threads === 1 ? `one thread, ${members} members` : `${threads} threads, ${members} members`;
  return `${where}, ${describeLoad(load)}`;
}

function describeLoad(load: Workload['load']): string {
  if (load.kind === 'paced') return `${load.rate} posts/s for ${load.seconds} s`;
  if (load.kind === 'idle') return `no posts for ${load.seconds} s`;
  return `${load.outstanding} posts always on their way, for ${load.seconds} s`;
}
