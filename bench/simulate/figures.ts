import { z } from 'zod';

const spread = z.object({ median: z.number() });

/** What is read of what `npm run bench -- --json` prints. */
const Figures = z.object({
  machine: z.object({ cpu: z.string(), cores: z.number(), memoryGb: z.number(), kernel: z.string() }),
  workloads: z.array(
    z.object({
      workload: z.object({
        name: z.string(),
        members: z.number(),
        threads: z.number(),
        load: z.object({ rate: z.number().optional() }),
      }),
      peers: z.array(
        z.object({
          name: z.string(),
          spreads: z.object({
            cpuUs: spread.optional(),
            bytes: spread.optional(),
            deliveriesPerFrame: spread.optional(),
            rssEmptyMb: spread.optional(),
            rssPerConnectionKb: spread.optional(),
          }),
        }),
      ),
    }),
  ),
});
export type Figures = z.infer<typeof Figures>;

/** One server under one load, as it was measured. */
export interface Measured {
  readonly workload: string;
  readonly peer: string;
  readonly members: number;
  readonly threads: number;
  readonly postsPerSecond: number;
  readonly processes: number;
  readonly bus: 'memory' | 'processes' | 'redis';
  /** µs per delivery, of all processes together. */
  readonly cpuUs: number;
  readonly perFrame: number;
  readonly bytes: number;
}

/** @throws ZodError where it is something else */
export function readFigures(text: string): Figures {
  return Figures.parse(JSON.parse(text));
}

/** Those of Pokers under a steady load. */
export function measuredIn({ workloads }: Figures): Measured[] {
  return workloads.flatMap(({ workload, peers }) =>
    peers.flatMap(({ name, spreads: { cpuUs, bytes, deliveriesPerFrame } }) => {
      const way = wayOf(name);
      const { rate } = workload.load;
      if (!way || rate === undefined || !cpuUs || !bytes || !deliveriesPerFrame) return [];
      return {
        workload: workload.name,
        peer: name,
        members: workload.members,
        threads: workload.threads,
        postsPerSecond: rate,
        ...way,
        cpuUs: cpuUs.median,
        perFrame: deliveriesPerFrame.median,
        bytes: bytes.median,
      };
    }),
  );
}

function wayOf(peer: string): Pick<Measured, 'processes' | 'bus'> | undefined {
  if (peer === 'pokers-v2') return { processes: 1, bus: 'memory' };
  const [, kind, processes] = /^pokers-(workers|redis)-(\d+)$/.exec(peer) ?? [];
  if (!kind) return undefined;
  return { processes: Number(processes), bus: kind === 'redis' ? 'redis' : 'processes' };
}
