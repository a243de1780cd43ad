import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import type { BusMessage } from './bus/process-messages.ts';

type Samples = MetricObjectWithValues<MetricValue<string>>[];

/** What a worker tells its supervisor. */
export type FromWorker =
  | BusMessage
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly reason: string }
  /** A reader of /metrics is waiting; `ask` is the worker's own number for it. */
  | { readonly kind: 'gather'; readonly ask: number }
  | { readonly kind: 'samples'; readonly ask: number; readonly samples: Samples };

/** What the supervisor tells a worker. */
export type ToWorker =
  | BusMessage
  | { readonly kind: 'stop' }
  | { readonly kind: 'sample'; readonly ask: number }
  | { readonly kind: 'gathered'; readonly ask: number; readonly text: string };
