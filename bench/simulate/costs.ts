import { z } from 'zod';

/** What something takes that waits for company: so many µs alone, and less the more of them come within a moment. */
const Shared = z.object({
  aloneUs: z.number(),
  /** How long that moment is, in ms: those that come within it share one commit, or one turn of the loop. */
  togetherMs: z.number(),
});
export type Shared = z.infer<typeof Shared>;

/** The busiest load that is measured, of a process: beyond it nothing more is taken to be saved. */
const MEASURED_PER_SECOND = 1_000;

/** Of one of them in µs, where a process has so many of them a second. */
export function shareOf({ aloneUs, togetherMs }: Shared, perSecond: number): number {
  return aloneUs / (1 + (Math.min(perSecond, MEASURED_PER_SECOND) * togetherMs) / 1_000);
}

/** What things cost, as `--calibrate` finds it in figures of the benchmark. CPU in µs. */
export const Costs = z.object({
  /** Where they were measured. */
  machine: z.string(),
  /** A post: checked, stored, answered. */
  post: Shared,
  /** A frame written to a socket. */
  writeUs: z.number(),
  /** An event that a process hears from the bus, with what the supervisor or Redis take for it. */
  heard: z.object({ processes: Shared, redis: Shared }),
  /** On a socket, what frames it included; not TCP's own. */
  bytesPerDelivery: z.number(),
  bytesPerWrite: z.number(),
  /** Of a process with nobody connected, and of each idle connection. */
  emptyMb: z.number(),
  connectionKb: z.number(),
});
export type Costs = z.infer<typeof Costs>;

/** Of TCP, IP and Ethernet for each packet, with options. */
export const PACKET_BYTES = 66;

/** An event on the bus as Redis carries it, in bytes (docs/decisions/0018-redis-carries-and-the-store-repairs.md). */
export const BUS_EVENT_BYTES = 162;
