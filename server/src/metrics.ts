import { Counter, Gauge, Registry } from 'prom-client';
import type { Handshakes } from './doors/handshakes.ts';
import type { Downloads } from './doors/http/downloads.ts';
import type { InFlight } from './doors/http/in-flight.ts';
import type { LongPolls } from './doors/http/long-polls.ts';
import type { Sockets } from './doors/sockets.ts';
import { EGRESS_KINDS, type Egress } from './hub/egress.ts';
import type { Hub } from './hub/hub.ts';
import { REFUSAL_REASONS, type Refusals } from './limits/refusals.ts';
import type { Push } from './push/push.ts';
import type { Engine } from './store/engine.ts';

export interface Measured {
  readonly hub: Hub;
  readonly sockets: Sockets;
  readonly engine: Pick<Engine, 'waiting'>;
  readonly inFlight: InFlight;
  readonly longPolls: LongPolls;
  readonly handshakes: Handshakes | undefined;
  readonly refusals: Refusals;
  readonly egress: Egress;
  readonly downloads: Downloads;
  readonly push: Push;
}

/** What this process counts, for Prometheus. Read when asked for; nothing is counted twice. */
export function createMetrics(measured: Measured): Registry {
  const { hub, sockets, engine, inFlight, longPolls, handshakes, refusals, egress, downloads, push } =
    measured;
  const registry = new Registry();
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  /** A total that is kept elsewhere. */
  const total = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });

  new Gauge({
    name: 'pokers_connections',
    help: 'Open sockets',
    labelNames: ['dialect'],
    registers: [registry],
    collect() {
      for (const dialect of ['classic', 'v2'] as const) this.set({ dialect }, sockets.count(dialect));
    },
  });
  new Counter({
    name: 'pokers_refused_total',
    help: 'What was refused because it was too much',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const reason of REFUSAL_REASONS) this.inc({ reason }, refusals.of(reason));
    },
  });
  total('pokers_pings_total', 'WebSocket pings sent to connections that were quiet', () => sockets.pings);
  total('pokers_reaped_total', 'Connections cut because their peer was mute', () => sockets.reaped);
  total('pokers_too_slow_total', 'Connections closed because their peer did not read', () => sockets.tooSlow);
  total(
    'pokers_handshakes_cut_total',
    'Connections cut because no whole request came in time',
    () => handshakes?.cut ?? 0,
  );
  gauge('pokers_requests_in_flight', 'HTTP requests that are being answered', () => inFlight.count);
  gauge('pokers_requests_waiting', 'HTTP requests that wait for a change', () => longPolls.count);
  gauge(
    'pokers_threads_joined',
    'Threads that at least one connection of a process has joined, or a request waits for',
    () => hub.counts.threads,
  );
  gauge('pokers_joins', 'Pairs of a connection and a thread that it joined', () => hub.counts.joins);
  gauge('pokers_writes_waiting', 'Writes that wait for their commit', () => engine.waiting);
  total('pokers_events_encoded_total', 'Events encoded, once for each dialect', () => hub.counts.encoded);
  total('pokers_frames_delivered_total', 'Event frames handed to sockets', () => hub.counts.delivered);
  total(
    'pokers_repairs_total',
    'Times that the store was asked for events that were missing',
    () => hub.counts.repairs,
  );
  new Counter({
    name: 'pokers_egress_bytes_total',
    help: 'What was sent, with an estimate of all headers down to Ethernet',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      this.reset();
      for (const kind of EGRESS_KINDS) this.inc({ kind }, egress.sent(kind));
    },
  });
  gauge('pokers_egress_limit_bytes_per_second', 'What may be sent; 0 where there is no limit', () =>
    Number.isFinite(egress.limit) ? egress.limit : 0,
  );
  new Gauge({
    name: 'pokers_egress_delay_seconds',
    help: 'How long what is said now waits for the link; of several processes, where it is longest',
    aggregator: 'max',
    registers: [registry],
    collect() {
      this.set(egress.delayMs / 1000);
    },
  });
  gauge('pokers_egress_downloads', 'Large answers that are sent in turns', () => downloads.count);
  gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss());
  total('process_cpu_seconds_total', 'CPU time, user and system', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  gauge('pokers_notifications_waiting', 'Notifications that wait to be sent', () => push.counts.waiting);
  total('pokers_notifications_sent_total', 'Notifications that push services took', () => push.counts.sent);
  total('pokers_notifications_failed_total', 'Notifications given up', () => push.counts.failed);
  total(
    'pokers_notifications_dropped_total',
    'Notifications not sent because too many waited',
    () => push.counts.dropped,
  );
  return registry;
}
