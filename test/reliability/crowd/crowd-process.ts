/** A process full of clients: does what it is told over IPC. */

import { Latencies } from '../../../bench/load/latencies.ts';
import { findTexts, nowUs, textOf } from '../../../bench/load/post-text.ts';
import { Client } from './client.ts';
import { LeanSocket } from './lean-socket.ts';
import type { Order, Report } from './orders.ts';

/** After the last post: so long without a delivery, in ms, and nothing more is expected. */
const SILENCE_MS = 2_000;

/** Clients who post in a talk, in turn. */
const POSTERS = 20;

/** Loopback addresses to connect to: each has some 28,000 ports for connections that have just ended. */
const HOSTS = Array.from({ length: 200 }, (_, index) => `127.0.1.${index + 1}`);

let clients: Client[] = [];
let refused = 0;
let deliveries = 0;
let latencies = new Latencies();

process.on('message', async (order: Order) => {
  const startedAt = performance.now();
  try {
    await obey(order);
    process.send?.(reportOf((performance.now() - startedAt) / 1000));
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});

async function obey(order: Order): Promise<void> {
  if (order.kind === 'enter') return enter(order);
  if (order.kind === 'return') await Promise.all(clients.map((client) => client.enter(order.port)));
  if (order.kind === 'churn') return churn(order);
  if (order.kind === 'talk') return talk(order);
}

async function enter({
  port,
  clients: count,
  tokens,
  threads,
}: Extract<Order, { kind: 'enter' }>): Promise<void> {
  clients = Array.from(
    { length: count },
    (_, index) => new Client(pick(threads, index), pick(tokens, index), '127.0.0.1'),
  );
  // Not all at once: how they first come in is not what is measured.
  const waiting = [...clients];
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      for (let client = waiting.pop(); client; client = waiting.pop()) await client.enter(port);
    }),
  );
}

async function churn({
  port,
  connects,
  atOnce,
  tokens,
  threads,
}: Extract<Order, { kind: 'churn' }>): Promise<void> {
  let left = connects;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await comeAndGo(pick(HOSTS, left), port, pick(tokens, left), pick(threads, left));
    }),
  );
}

/** In every second case in the middle of things, without waiting for an answer. */
async function comeAndGo(host: string, port: number, token: string, thread: number): Promise<void> {
  const socket = await LeanSocket.open(host, port, token);
  if (!socket) {
    refused++;
    return;
  }
  const answered = new Promise<void>((resolve) => {
    socket.onText = resolve as () => void;
    socket.onLost = () => resolve();
  });
  socket.send({ action: 'hello' });
  socket.send({ action: 'join', thread });
  await answered;
  socket.terminate();
}

async function talk({ posts, perSecond }: Extract<Order, { kind: 'talk' }>): Promise<void> {
  deliveries = 0;
  latencies = new Latencies();
  for (const client of clients) {
    client.onText = (bytes, start, end) => {
      const now = nowUs();
      deliveries += findTexts(bytes, start, end, (_post, sentAtUs) => latencies.add(now - sentAtUs));
    };
  }
  const startedAt = performance.now();
  for (let post = 0; post < posts; post++) {
    const wait = startedAt + (post * 1000) / perSecond - performance.now();
    if (wait > 0) await Bun.sleep(wait);
    // One connection's commands wait for each other, and so for the disk.
    const poster = pick(clients, post % POSTERS);
    const content = textOf(post, nowUs());
    poster.send({ action: 'post', ref: 2, thread: poster.thread, content, nonce: crypto.randomUUID() });
  }
  for (let before = -1; before < deliveries && deliveries < posts * clients.length; ) {
    before = deliveries;
    await Bun.sleep(SILENCE_MS);
  }
}

function reportOf(seconds: number): Report {
  return {
    views: clients.map(({ thread, seq, messages }) => [thread, seq, messages] as const),
    refused: refused + clients.reduce((sum, client) => sum + client.refused, 0),
    lost: clients.flatMap(({ lost }) => lost),
    seconds,
    deliveries,
    latencies: latencies.toJSON(),
  };
}

function pick<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}
