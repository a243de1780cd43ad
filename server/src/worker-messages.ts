import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import { z } from 'zod';
import type { BusEvent } from './bus/bus.ts';
import type { BusMessage } from './bus/process-messages.ts';

type Samples = MetricObjectWithValues<MetricValue<string>>[];

/**
 * What a worker tells its supervisor. Of events and samples the supervisor looks at nothing: they are for the workers
 * and for who reads the metrics.
 */
const fromWorker = z.union([
  z.object({ bus: z.literal('events'), events: z.custom<readonly BusEvent[]>(isListOfObjects) }),
  z.object({ bus: z.literal('taken'), count: z.int().nonnegative() }),
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
  /** A reader of /metrics is waiting; `ask` is the worker's own number for it. */
  z.object({ kind: z.literal('gather'), ask: z.int() }),
  z.object({ kind: z.literal('samples'), ask: z.int(), samples: z.custom<Samples>(Array.isArray) }),
]);

export type FromWorker = z.infer<typeof fromWorker>;

/** What the supervisor tells a worker. */
export type ToWorker =
  | BusMessage
  | { readonly kind: 'stop' }
  | { readonly kind: 'sample'; readonly ask: number }
  | { readonly kind: 'gathered'; readonly ask: number; readonly text: string };

/** Undefined for what no worker says. */
export function readFromWorker(message: unknown): FromWorker | undefined {
  return fromWorker.safeParse(message).data;
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null);
}
