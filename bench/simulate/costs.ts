import { z } from 'zod';

/** What things cost, as `--calibrate` finds it in figures of the benchmark. CPU in µs. */
export const Costs = z.object({
  /** Where they were measured. */
  machine: z.string(),
  /** A post: checked, stored, answered. */
  postUs: z.number(),
  /** A frame written to a socket. */
  writeUs: z.number(),
  /** An event that a process hears from the bus, with what the supervisor or Redis take for it. */
  heardUs: z.object({ processes: z.number(), redis: z.number() }),
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
