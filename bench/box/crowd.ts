import { arrivals } from '../load/arrivals.ts';
import type { Box, BoxUsage } from './box.ts';
import { Deliveries } from './deliveries.ts';
import { LINK } from './network.ts';
import type { BoxServer } from './server.ts';
import { findTexts, scattered, textOf } from './texts.ts';
import { enterAsPoster } from './ways/v2.ts';
import type { Member, Way } from './ways/way.ts';

/** Who gets in at the same time: more would only wait for each other on the link. */
const ENTERING = 8;

/** How long a load runs unmeasured and measured, and what is late is waited for after it; in seconds. */
const TIMES = { warmUp: 4, measured: 15, late: 6 } as const;

/** The link is quiet when it carries less than this in so many ms; and that is waited for at most so long. */
const QUIET = { bytes: 1_000, ms: 400, maxMs: 20_000 };

/** Posters that are no members, for loads in which it does not matter who speaks. */
const POSTERS = 4;

/** What happened under a load. */
export interface Observed {
  readonly members: number;
  readonly postsPerSecond: number;
  /** Deliveries of the measured posts that did not come, or came once more; and members who were lost. */
  readonly missing: number;
  readonly doubled: number;
  readonly lost: number;
  /** Why the first one was lost. */
  readonly hint: string | undefined;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly deliveriesPerSecond: number;
  /** Bytes on the link for each delivery, all headers included. */
  readonly sentPerDelivery: number;
  readonly receivedPerDelivery: number;
  /** In the direction to the clients, of what the link can carry, and of the core; in %. */
  readonly linkPercent: number;
  readonly cpuPercent: number;
}

/** The members of a class, all coming in the same way. */
export class Crowd {
  readonly #way: Way;
  readonly #server: BoxServer;
  readonly #box: Box;
  readonly #members: Member[] = [];
  readonly #posters: Member[] = [];
  #lost = 0;
  #hint: string | undefined;
  #nextPost = 0;
  #heard = 0;
  #deliveries: Deliveries | undefined;

  constructor(way: Way, server: BoxServer, box: Box) {
    this.#way = way;
    this.#server = server;
    this.#box = box;
  }

  /** So many members from now on. @throws Error when one does not get in */
  async grow(count: number): Promise<void> {
    const indexes = Array.from({ length: count }, (_, index) => index).slice(this.#members.length);
    const failures: unknown[] = [];
    const enterSome = async (): Promise<void> => {
      for (let index = indexes.shift(); index !== undefined && failures.length === 0; index = indexes.shift())
        this.#members.push(await this.#enter(index));
    };
    await Promise.all(
      Array.from({ length: ENTERING }, () => enterSome().catch((error: unknown) => failures.push(error))),
    );
    if (failures.length > 0) throw failures[0];
  }

  /** From now on those post who only post. */
  async bringPosters(): Promise<void> {
    for (let index = 0; index < POSTERS; index++) {
      const ears = { heard: () => {}, lost: (why: string) => this.#lose(why) };
      this.#posters.push(await enterAsPoster(this.#server, index, ears));
    }
  }

  /** So many posts a second, at random moments, by whoever posts; and what came of it. */
  async run(postsPerSecond: number): Promise<Observed> {
    const seconds = TIMES.warmUp + TIMES.measured;
    const offsets = arrivals(Math.round(postsPerSecond * seconds), seconds);
    const measuredFrom = offsets.filter((offset) => offset < TIMES.warmUp * 1000).length;
    const first = this.#nextPost + measuredFrom;
    const deliveries = new Deliveries(first, offsets.length - measuredFrom, this.#members.length);
    this.#deliveries = deliveries;

    const startedAt = performance.now();
    const until = (offsetMs: number): Promise<void> =>
      Bun.sleep(Math.max(0, startedAt + offsetMs - performance.now()));
    const posting = (async () => {
      for (const offset of offsets) {
        await until(offset);
        this.#post(this.#nextPost++, deliveries);
      }
    })();
    await until(TIMES.warmUp * 1000);
    const before = { ...this.#box.usage(), heard: this.#heard };
    await until(seconds * 1000);
    const after = { ...this.#box.usage(), heard: this.#heard };
    await posting;
    for (const end = performance.now() + TIMES.late * 1000; deliveries.missing > 0; await Bun.sleep(20))
      if (performance.now() > end) break;
    return this.#observed(postsPerSecond, deliveries, before, after);
  }

  /** Everyone leaves, and takes what is still on its way to them; resolves when the link is quiet. */
  async leave(): Promise<void> {
    for (const member of this.#members.splice(0)) member.leave();
    const sent = (): number => this.#box.usage().traffic.sent;
    const end = performance.now() + QUIET.maxMs;
    for (let before = sent(); performance.now() < end; before = sent()) {
      await Bun.sleep(QUIET.ms);
      if (sent() - before < QUIET.bytes) break;
    }
    this.#lost = 0;
    this.#hint = undefined;
  }

  #enter(index: number): Promise<Member> {
    return this.#way.join(this.#server, index, {
      heard: (bytes) => this.#hear(index, bytes),
      lost: (why) => this.#lose(why),
    });
  }

  #post(number: number, deliveries: Deliveries): void {
    const speakers = this.#posters.length > 0 ? this.#posters : this.#members;
    deliveries.sent(number);
    speakers[scattered(number) % speakers.length]?.post(textOf(number));
  }

  #hear(member: number, bytes: Buffer): void {
    findTexts(bytes, (post) => {
      this.#heard++;
      this.#deliveries?.got(member, post);
    });
  }

  #lose(why: string): void {
    this.#lost++;
    this.#hint ??= why;
  }

  #observed(
    postsPerSecond: number,
    { missing, doubled, latencies }: Deliveries,
    before: BoxUsage & { heard: number },
    after: BoxUsage & { heard: number },
  ): Observed {
    const deliveries = after.heard - before.heard;
    const seconds = (after.atMs - before.atMs) / 1000;
    const sent = after.traffic.sent - before.traffic.sent;
    const received = after.traffic.received - before.traffic.received;
    return {
      members: this.#members.length,
      postsPerSecond,
      missing,
      doubled,
      lost: this.#lost,
      hint: this.#hint,
      p50Ms: latencies.percentileMs(0.5),
      p95Ms: latencies.percentileMs(0.95),
      p99Ms: latencies.percentileMs(0.99),
      deliveriesPerSecond: deliveries / seconds,
      sentPerDelivery: sent / deliveries,
      receivedPerDelivery: received / deliveries,
      linkPercent: (100 * sent) / seconds / LINK.bytesPerSecond,
      cpuPercent: (after.cpuUs - before.cpuUs) / seconds / 10_000,
    };
  }
}
