import { peerNamed } from '../peers/all.ts';
import type { Peer, Role, Target } from '../peers/peer.ts';
import { arrivals } from './arrivals.ts';
import { enter } from './enter.ts';
import type { FrameSocket } from './frame-socket.ts';
import { Latencies } from './latencies.ts';
import type { ConnectOrder, Report, RunOrder } from './messages.ts';
import { findTexts, nowUs, textOf } from './post-text.ts';
import { Tally } from './tally.ts';

/** Connections that get in at the same time. */
const ENTERING = 50;

/** After so many ms in which all posts were made and nothing was delivered, nothing more is expected. */
const SILENCE_MS = 5_000;

/** Hints that are kept: the first ones tell the cause. */
const HINTS = 5;

/** One generator's share of the members, who count what they get, and of the posters. */
export class Crowd {
  readonly #peer: Peer;
  readonly #target: Target;
  readonly #index: number;
  readonly #of: number;
  readonly #members: FrameSocket[] = [];
  readonly #posters: FrameSocket[] = [];
  readonly #hints: string[] = [];
  #run: Run | undefined;

  private constructor({ peer, target, index, of }: ConnectOrder) {
    this.#peer = peerNamed(peer);
    this.#target = target;
    this.#index = index;
    this.#of = of;
  }

  /** @throws Error when someone does not get in */
  static async connect(order: ConnectOrder): Promise<Crowd> {
    const crowd = new Crowd(order);
    await crowd.#enterAll('member', order.members, crowd.#members);
    await crowd.#enterAll('poster', order.posters, crowd.#posters);
    crowd.#members.forEach((socket, member) => {
      socket.onText = (bytes, start, end) => crowd.#run?.receive(member, bytes, start, end);
      socket.onLost = (why) => crowd.#hint(`member ${member}: ${why}`);
    });
    crowd.#posters.forEach((socket, poster) => {
      socket.onText = (bytes, start, end) => {
        const frame = bytes.toString('utf8', start, end);
        if (frame.includes('error')) crowd.#hint(`to poster ${poster}: ${frame}`);
      };
      socket.onLost = (why) => crowd.#hint(`poster ${poster}: ${why}`);
    });
    return crowd;
  }

  /** Resolves when everyone got everything, or nothing more is to be expected. */
  async run({ first, count, seconds, startAtUs }: RunOrder): Promise<void> {
    const run = new Run(first, count, this.#members);
    this.#run = run;
    const times = arrivals(count, seconds);
    for (const [index, offsetMs] of times.entries()) {
      if (index % this.#of !== this.#index) continue;
      const waitMs = (startAtUs - nowUs()) / 1000 + offsetMs;
      if (waitMs > 0) await Bun.sleep(waitMs);
      const poster = this.#posters[index % this.#posters.length];
      poster?.send(this.#peer.post(this.#target, textOf(first + index, nowUs())));
    }
    await run.ended(startAtUs / 1000 + seconds * 1000);
  }

  /** What happened in the last run, up to now. */
  report(): Report {
    if (!this.#run) throw new Error('there was no run');
    return { ...this.#run.report(), hints: this.#hints };
  }

  async #enterAll(role: Role, total: number, sockets: FrameSocket[]): Promise<void> {
    const indexes = Array.from({ length: total }, (_, index) => index).filter(
      (index) => index % this.#of === this.#index,
    );
    const enterSome = async (): Promise<void> => {
      for (let index = indexes.pop(); index !== undefined; index = indexes.pop()) {
        sockets.push(await enter(this.#target.port, this.#peer.connect(this.#target, role, index)));
      }
    };
    await Promise.all(Array.from({ length: ENTERING }, enterSome));
  }

  #hint(text: string): void {
    if (this.#hints.length < HINTS) this.#hints.push(text);
  }
}

/** What members got since a run began. */
class Run {
  readonly #tally: Tally;
  readonly #members: readonly FrameSocket[];
  readonly #readsBefore: number;
  readonly #latencies = new Latencies();
  readonly #cpuBefore = process.cpuUsage();
  readonly #startedUs = nowUs();
  readonly #complete = Promise.withResolvers<void>();
  #cpuUs = 0;
  #lastUs = this.#startedUs;
  #frames = 0;
  #payloadBytes = 0;

  constructor(first: number, count: number, members: readonly FrameSocket[]) {
    this.#tally = new Tally(first, count, members.length);
    this.#members = members;
    this.#readsBefore = readsOf(members);
  }

  receive(member: number, bytes: Buffer, start: number, end: number): void {
    const now = nowUs();
    const found = findTexts(bytes, start, end, (post, sentAtUs) => {
      if (this.#tally.add(member, post)) this.#latencies.add(now - sentAtUs);
    });
    if (found === 0) return;
    this.#frames++;
    this.#payloadBytes += end - start;
    this.#lastUs = now;
    if (this.#tally.isComplete) this.#complete.resolve();
  }

  /** `notBefore` is when the last post is made at the latest, in ms of the machine's clock. */
  async ended(notBefore: number): Promise<void> {
    const watch = setInterval(() => {
      const now = nowUs() / 1000;
      if (now > notBefore + SILENCE_MS && now > this.#lastUs / 1000 + SILENCE_MS) this.#complete.resolve();
    }, 250);
    await this.#complete.promise;
    clearInterval(watch);
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    this.#cpuUs = user + system;
  }

  report(): Omit<Report, 'hints'> {
    return {
      kind: 'report',
      deliveries: this.#tally.delivered,
      faults: this.#tally.faults,
      frames: this.#frames,
      payloadBytes: this.#payloadBytes,
      reads: readsOf(this.#members) - this.#readsBefore,
      latencies: this.#latencies.toJSON(),
      cpuUs: this.#cpuUs,
      elapsedUs: this.#lastUs - this.#startedUs,
    };
  }
}

function readsOf(sockets: readonly FrameSocket[]): number {
  return sockets.reduce((sum, { reads }) => sum + reads, 0);
}
