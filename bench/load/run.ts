import type { FrameSocket } from './frame-socket.ts';
import { Latencies } from './latencies.ts';
import type { Phase, Report } from './messages.ts';
import { findTexts, nowUs } from './post-text.ts';
import { threadOfPost } from './seats.ts';
import { type Faults, Tally } from './tally.ts';

/** After so many ms in which all posts were made and nothing was delivered, nothing more is expected. */
const SILENCE_MS = 5_000;

/** A member's connection, and where it sits. */
export interface Member {
  readonly socket: FrameSocket;
  readonly thread: number;
  /** Its number among this generator's members of that thread. */
  readonly seat: number;
}

/** What this generator's members got since a run began. */
export class Run {
  /** Called when a post has reached all of them. */
  onDelivered: (post: number) => void = () => {};
  readonly #phase: Phase;
  readonly #members: readonly Member[];
  /** One for each thread. */
  readonly #tallies: readonly Tally[];
  /** How many posts each thread was to get, and how many deliveries that makes, as soon as it is known. */
  #posts: readonly number[] = [];
  #due = Number.NaN;
  readonly #before: Traffic;
  readonly #latencies = new Latencies();
  readonly #cpuBefore = process.cpuUsage();
  readonly #startedUs = nowUs();
  readonly #complete = Promise.withResolvers<void>();
  #lastUs = this.#startedUs;
  #delivered = 0;
  #frames = 0;
  #busy = 0;

  constructor(phase: Phase, members: readonly Member[], threads: number) {
    this.#phase = phase;
    this.#members = members;
    this.#before = trafficOf(members);
    const postsMax = Math.ceil(phase.count / threads);
    this.#tallies = Array.from(
      { length: threads },
      (_, thread) => new Tally(postsMax, members.filter((member) => member.thread === thread).length),
    );
  }

  receive({ socket, thread, seat }: Member, bytes: Buffer, start: number, end: number): void {
    const now = socket.readAtUs;
    const threads = this.#tallies.length;
    const tally = this.#tallies[thread];
    const found = findTexts(bytes, start, end, (post, sentAtUs) => {
      const index = post - this.#phase.first;
      // No whole number where the post is of another thread.
      const indexInThread = (index - thread) / threads;
      if (!tally?.add(seat, indexInThread)) return;
      this.#delivered++;
      this.#latencies.add(now - sentAtUs);
      if (tally.hasAll(indexInThread)) this.onDelivered(index);
    });
    if (found === 0) return;
    this.#frames++;
    this.#lastUs = now;
    if (this.#delivered === this.#due) this.#complete.resolve();
  }

  /** Resolves when everyone got what each generator posted, or nothing more is to be expected. */
  async complete(posted: readonly number[]): Promise<void> {
    this.#posts = postsByThread(posted, this.#tallies.length);
    this.#due = this.#posts.reduce((sum, posts, thread) => sum + (this.#tallies[thread]?.due(posts) ?? 0), 0);
    if (this.#delivered === this.#due) this.#complete.resolve();
    const sinceUs = nowUs();
    const watch = setInterval(() => {
      if (nowUs() > Math.max(sinceUs, this.#lastUs) + SILENCE_MS * 1000) this.#complete.resolve();
    }, 250);
    await this.#complete.promise;
    clearInterval(watch);
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    this.#busy = (user + system) / (nowUs() - this.#startedUs);
  }

  report(): Omit<Report, 'hints'> {
    const traffic = trafficOf(this.#members);
    return {
      kind: 'report',
      deliveries: this.#delivered,
      faults: sumOf(this.#tallies.map((tally, thread) => tally.faults(this.#posts[thread] ?? 0))),
      frames: this.#frames,
      bytes: traffic.bytes - this.#before.bytes,
      reads: traffic.reads - this.#before.reads,
      latencies: this.#latencies.toJSON(),
      lastAtUs: this.#lastUs,
      busy: this.#busy,
    };
  }
}

/** The posts of generator `g` of `n` are g, g + n, g + 2n … */
function postsByThread(posted: readonly number[], threads: number): number[] {
  const posts = Array<number>(threads).fill(0);
  for (const [generator, count] of posted.entries()) {
    for (let post = 0; post < count; post++) {
      const thread = threadOfPost(generator + posted.length * post, threads);
      posts[thread] = (posts[thread] ?? 0) + 1;
    }
  }
  return posts;
}

type Traffic = Pick<FrameSocket, 'reads' | 'bytes'>;

function trafficOf(members: readonly Member[]): Traffic {
  let [reads, bytes] = [0, 0];
  for (const { socket } of members) {
    reads += socket.reads;
    bytes += socket.bytes;
  }
  return { reads, bytes };
}

function sumOf(faults: readonly Faults[]): Faults {
  return faults.reduce((sum, more) => ({
    missing: sum.missing + more.missing,
    doubled: sum.doubled + more.doubled,
    strange: sum.strange + more.strange,
    disordered: sum.disordered + more.disordered,
  }));
}
