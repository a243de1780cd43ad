/** One process on a bus, for the benchmark: publishes what it is told to, counts what it hears, and says what it took. */
import type { Bus, ThreadEvent } from '@pokers/server/bus/bus';
import { MemoryBus } from '@pokers/server/bus/memory-bus';
import { ProcessBus } from '@pokers/server/bus/process-bus';
import { isBusMessage } from '@pokers/server/bus/process-messages';
import { redisAddress } from '@pokers/server/bus/redis/address';
import { RedisBus } from '@pokers/server/bus/redis-bus';

/** `publish`: so many events a second, for so many seconds, to `THREADS` threads in turn. */
export type ToNode =
  | { readonly bench: 'publish'; readonly perSecond: number; readonly seconds: number }
  | { readonly bench: 'report' };

export type FromNode =
  | { readonly bench: 'ready' }
  | { readonly bench: 'published' }
  | {
      readonly bench: 'report';
      readonly heard: number;
      /** CPU since it was ready, in µs. */
      readonly cpuUs: number;
      /** From publishing to hearing, of a sample of the events, in ms. */
      readonly latenciesMs: readonly number[];
    };

export const THREADS = 50;

/** Events leave in bursts, as they do where posts share a commit. */
const BURST_MS = 4;

/** Most latencies that are kept. */
const SAMPLES = 20_000;

const CONTENT = 'see you at the library at four';

const say = (message: FromNode): void => {
  process.send?.(message);
};

let heard = 0;
let cpuBefore = process.cpuUsage();
const latenciesMs: number[] = [];
const bus = busOf(process.env.BENCH_BUS ?? 'memory');
bus.listen({
  onEvent(event) {
    if (event.kind !== 'changed') return;
    heard++;
    // Clocks of one machine agree; the text carries when it was published.
    const sent = Number(event.message.content?.slice(CONTENT.length));
    if (latenciesMs.length < SAMPLES) latenciesMs.push(performance.timeOrigin + performance.now() - sent);
  },
  onGap: () => undefined,
});
for (let thread = 1; thread <= THREADS; thread++) bus.follow(thread);
while (bus instanceof RedisBus && !bus.isUp) await Bun.sleep(10);
await Bun.sleep(300); // subscriptions

process.on('message', async (message: ToNode) => {
  if (isBusMessage(message)) return;
  if (message.bench === 'publish') {
    await publish(message.perSecond, message.seconds);
    say({ bench: 'published' });
  }
  if (message.bench === 'report') {
    const { user, system } = process.cpuUsage(cpuBefore);
    say({ bench: 'report', heard, cpuUs: user + system, latenciesMs: latenciesMs.splice(0) });
    heard = 0;
    cpuBefore = process.cpuUsage();
  }
});
process.on('disconnect', () => process.exit(0));
cpuBefore = process.cpuUsage();
say({ bench: 'ready' });

function busOf(kind: string): Bus {
  if (kind === 'memory') return new MemoryBus();
  if (kind !== 'processes')
    return new RedisBus(redisAddress(kind), { info: console.error, warn: console.error });
  const line = {
    send: (message: unknown) => void process.send?.(message),
    onMessage: (listener: (message: unknown) => void) => void process.on('message', listener),
  };
  return new ProcessBus(line, () => process.exit(1));
}

async function publish(perSecond: number, seconds: number): Promise<void> {
  const start = performance.now();
  let seq = 0;
  while (seq < perSecond * seconds) {
    const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - start) / 1000) * perSecond));
    for (; seq < due; seq++) bus.publish(eventOf(seq));
    await Bun.sleep(BURST_MS);
  }
}

function eventOf(seq: number): ThreadEvent {
  return {
    kind: 'changed',
    message: {
      id: 88_120 + seq,
      seq: 1_041 + seq,
      number: 1_000 + seq,
      thread: 1 + (seq % THREADS),
      class: 3,
      speaker: 17,
      speaker_name: 'Ming 小明',
      is_super: 0,
      type: 'text',
      content: `${CONTENT}${performance.timeOrigin + performance.now()}`,
      date: 1_780_000_000,
      img_url: null,
      file_url: null,
      file_name: null,
      file_size: null,
      picture: null,
      emoji_1: 0,
      emoji_2: 0,
      emoji_3: 0,
      log: null,
      edited: null,
      pinned: null,
      reply: null,
      mentions: [],
      reactions: [],
      deleted: null,
      awaits_announce: false,
    },
  };
}
