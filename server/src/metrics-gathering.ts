import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from 'prom-client';
import type { ToWorker } from './worker-messages.ts';

type Samples = MetricObjectWithValues<MetricValue<string>>[];

interface Peer {
  tell(message: ToWorker): void;
}

/** How long a worker's samples are waited for, in ms; the others' are shown without them then. */
const WAIT_MS = 2_000;

interface Gathering {
  readonly asker: Peer;
  /** The asker's own number for it. */
  readonly ask: number;
  readonly missing: Set<Peer>;
  readonly samples: Samples[];
  readonly timer: Timer;
}

/** Adds up the metrics of all workers for whoever asks one of them for /metrics. */
export class MetricsGathering {
  readonly #underway = new Map<number, Gathering>();
  #count = 0;

  start(asker: Peer, ask: number, peers: readonly Peer[]): void {
    const number = ++this.#count;
    const timer = setTimeout(() => this.#finish(number), WAIT_MS);
    this.#underway.set(number, { asker, ask, missing: new Set(peers), samples: [], timer });
    for (const peer of peers) peer.tell({ kind: 'sample', ask: number });
  }

  receive(peer: Peer, number: number, samples: Samples): void {
    const gathering = this.#underway.get(number);
    if (!gathering?.missing.delete(peer)) return;
    gathering.samples.push(samples);
    if (gathering.missing.size === 0) this.#finish(number);
  }

  /** The peer is gone and will send nothing. */
  forget(peer: Peer): void {
    for (const [number, { missing }] of this.#underway) {
      if (missing.delete(peer) && missing.size === 0) this.#finish(number);
    }
  }

  async #finish(number: number): Promise<void> {
    const gathering = this.#underway.get(number);
    if (!gathering) return;
    this.#underway.delete(number);
    clearTimeout(gathering.timer);
    const text = await AggregatorRegistry.aggregate(gathering.samples).metrics();
    gathering.asker.tell({ kind: 'gathered', ask: gathering.ask, text });
  }
}
