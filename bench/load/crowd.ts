import { findPeer } from '../peers/all.ts';
import type { Peer, Role, Target } from '../peers/peer.ts';
import { arrivals } from './arrivals.ts';
import { enter } from './enter.ts';
import type { FrameSocket } from './frame-socket.ts';
import type { AwaitOrder, ConnectOrder, Report, RunOrder } from './messages.ts';
import { nowUs, textOf } from './post-text.ts';
import { type Member, Run } from './run.ts';
import { postersOf, threadOfMember, threadOfPost } from './seats.ts';

/** Connections that get in at the same time. */
const ENTERING = 50;

/** Hints that are kept: the first ones tell the cause. */
const HINTS = 5;

/** One generator's share of the members, who count what they get, and its posters. */
export class Crowd {
  readonly #peer: Peer;
  readonly #target: Target;
  readonly #index: number;
  readonly #of: number;
  readonly #threads: number;
  readonly #members: Member[] = [];
  /** How many of them listen to each thread. */
  readonly #seats: number[] = [];
  /** Poster `n` posts to the thread `n % threads`. */
  readonly #posters: FrameSocket[] = [];
  readonly #hints: string[] = [];
  #run: Run | undefined;

  private constructor(peer: Peer, { target, threads, index, of }: ConnectOrder) {
    this.#peer = peer;
    this.#target = target;
    this.#index = index;
    this.#of = of;
    this.#threads = threads;
  }

  /** The posters, and nobody else yet. @throws Error when someone does not get in */
  static async gather(order: ConnectOrder): Promise<Crowd> {
    const crowd = new Crowd(await findPeer(order.peer), order);
    const posters = Array.from({ length: postersOf(order.threads, order.of) }, (_, poster) => poster);
    await each(posters, async (poster) => {
      const number = order.index + order.of * poster;
      const socket = await crowd.#enter('poster', number, poster % order.threads);
      crowd.#posters[poster] = socket;
      socket.onText = (bytes, start, end) => {
        const frame = bytes.toString('utf8', start, end);
        if (frame.includes('error')) crowd.#hint(`to poster ${number}: ${frame}`);
      };
      socket.onLost = (why) => crowd.#hint(`poster ${number}: ${why}`);
    });
    return crowd;
  }

  /** This generator's share of the members `from` up to `to` get in. @throws Error when someone does not */
  async connect({ from, to, members, threads }: ConnectOrder): Promise<void> {
    const all = Array.from({ length: to - from }, (_, index) => from + index);
    const mine = all.filter((number) => number % this.#of === this.#index);
    await each(mine, async (number) => {
      const thread = threadOfMember(number, members, threads);
      const socket = await this.#enter('member', number, thread);
      const seat = this.#seats[thread] ?? 0;
      this.#seats[thread] = seat + 1;
      const member = { socket, thread, seat };
      this.#members.push(member);
      socket.onText = (bytes, start, end) => this.#run?.receive(member, bytes, start, end);
      socket.onLost = (why) => this.#hint(`member ${number}: ${why}`);
    });
  }

  /** Makes this generator's share of the posts, and returns how many they were. */
  async post(order: RunOrder): Promise<number> {
    const run = new Run(order, this.#members, this.#threads);
    this.#run = run;
    return order.outstanding === undefined
      ? this.#postInTime(order)
      : this.#postOnDelivery(order, Math.ceil(order.outstanding / this.#of), run);
  }

  /** Resolves when everyone got everything, or nothing more is to be expected. */
  async complete({ posted }: AwaitOrder): Promise<void> {
    await this.#run?.complete(posted);
  }

  /** What happened in the last run, up to now. */
  report(): Report {
    if (!this.#run) throw new Error('there was no run');
    return { ...this.#run.report(), hints: this.#hints };
  }

  async #postInTime({ first, count, seconds, startAtUs }: RunOrder): Promise<number> {
    let posted = 0;
    for (const [index, offsetMs] of arrivals(count, seconds).entries()) {
      if (index % this.#of !== this.#index) continue;
      const waitMs = (startAtUs - nowUs()) / 1000 + offsetMs;
      if (waitMs > 0) await Bun.sleep(waitMs);
      this.#post(first, index);
      posted++;
    }
    return posted;
  }

  /** The next post is made when all members here have one of those before. */
  async #postOnDelivery(
    { first, count, seconds, startAtUs }: RunOrder,
    outstanding: number,
    run: Run,
  ): Promise<number> {
    let posted = 0;
    let isOver = false;
    const next = (): void => {
      const index = this.#index + this.#of * posted;
      if (isOver || index >= count) return;
      posted++;
      this.#post(first, index);
    };
    run.onDelivered = (index) => {
      if (index % this.#of === this.#index) next();
    };
    await Bun.sleep(Math.max(0, startAtUs - nowUs()) / 1000);
    for (let post = 0; post < outstanding; post++) next();
    await Bun.sleep(seconds * 1000);
    isOver = true;
    return posted;
  }

  #post(first: number, index: number): void {
    const thread = threadOfPost(index, this.#threads);
    const round = Math.floor(index / this.#of / this.#threads);
    const poster = this.#posters[(thread + this.#threads * round) % this.#posters.length];
    poster?.send(this.#peer.post(this.#target, textOf(first + index, nowUs()), thread));
  }

  #enter(role: Role, number: number, thread: number): Promise<FrameSocket> {
    return enter(this.#target.port, this.#peer.connect(this.#target, role, number, thread));
  }

  #hint(text: string): void {
    if (this.#hints.length < HINTS) this.#hints.push(text);
  }
}

/** Some at a time, until all are through. */
async function each<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await act(item);
  };
  await Promise.all(Array.from({ length: ENTERING }, worker));
}
