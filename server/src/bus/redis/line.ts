import type { Redis } from 'ioredis';
import type { BusEvent } from '../bus.ts';
import type { RedisAddress } from './address.ts';
import { Held } from './held.ts';
import { KeptConnection } from './kept-connection.ts';
import { type Batch, encodeBatch } from './payload.ts';

/** Events that Redis may not have taken yet. Beyond, the connection counts as broken. */
const UNDER_WAY_MAX = 50_000;

/** Channels that are subscribed to with one command. */
const SUBSCRIBE_AT_ONCE = 500;

/** What was held is said once more after so many ms: until then others may have had no connection yet either. */
const AGAIN_MS = 1_500;

/** How long what is under way is waited for at the end, in ms. */
const CLOSE_MS = 500;

export interface LineEvents {
  /** Whether channels belong to one server of a cluster each (Redis 7). */
  isSharded(): boolean;
  /** There is a connection; to be done before it is used. */
  onOpened(redis: Redis): Promise<void>;
  /** Everything that was followed is heard again. */
  onHearing(): void;
  /** The channel is heard from now on. */
  onFollowed(channel: string): void;
  onDown(why: string): void;
  onPayload(channel: string, text: string): void;
  /** Channels have another server now. */
  onMoved(): void;
  /** More happened while there was no connection than could be held: everyone must be told. */
  onLost(): void;
}

/** One Redis server: what is published there, and which channels are heard. */
export class RedisLine {
  /** Tells this line's batches from all others. */
  readonly id = crypto.randomUUID().slice(-12);
  readonly name: string;
  readonly #events: LineEvents;
  readonly #connection: KeptConnection;
  readonly #wanted = new Set<string>();
  /** Channels whose subscription differs, or may differ, from what is wanted. */
  readonly #unsettled = new Set<string>();
  readonly #subscribed = new Set<string>();
  readonly #held = new Held();
  /** Of each channel, the batch that gathers what is published in this turn. */
  readonly #gathering = new Map<string, Batch>();
  readonly #underWay = new Set<Batch>();
  #eventsUnderWay = 0;
  #batches = 0;
  #redis: Redis | undefined;
  #turn: NodeJS.Immediate | undefined;
  #again: Timer | undefined;

  constructor(address: RedisAddress, events: LineEvents) {
    this.name = address.name;
    this.#events = events;
    this.#connection = new KeptConnection(address, {
      onUp: (redis) => void this.#open(redis),
      onDown: (why) => this.#down(why),
      onMessage: (channel, text) => events.onPayload(channel, text),
      onMoved: () => events.onMoved(),
    });
  }

  /** Undefined while there is no connection. */
  get redis(): Redis | undefined {
    return this.#redis;
  }

  /** What is published without a connection goes out when there is one, and is not heard here once more. */
  publish(channel: string, event: BusEvent | 'gap'): void {
    const isUp = this.#redis !== undefined;
    const events = event === 'gap' ? event : [event];
    if (!isUp) return this.#held.add({ channel, heardHere: true, events });
    if (++this.#eventsUnderWay > UNDER_WAY_MAX) {
      this.#connection.cut('it takes events too slowly');
      return this.publish(channel, event);
    }
    const batch = this.#gathering.get(channel);
    if (event !== 'gap' && batch && batch.events !== 'gap') batch.events.push(event);
    else this.#gathering.set(channel, { channel, heardHere: false, events });
    this.#schedule();
  }

  follow(channel: string): void {
    this.#wanted.add(channel);
    this.#unsettled.add(channel);
    this.#schedule();
  }

  unfollow(channel: string): void {
    this.#wanted.delete(channel);
    this.#unsettled.add(channel);
    this.#schedule();
  }

  /** Subscribes to everything anew: what is heard already does not mind. */
  followAgain(): void {
    this.#subscribed.clear();
    for (const channel of this.#wanted) this.#unsettled.add(channel);
    this.#schedule();
  }

  /** What could not be published: to be published elsewhere, or here again. */
  takeHeld(): Batch[] {
    return this.#held.take(this.#events.onLost);
  }

  /** What was held elsewhere goes out here. */
  release(batches: readonly Batch[]): void {
    if (batches.length === 0) return;
    if (this.#redis) void this.#send(this.#redis, batches);
    else for (const batch of batches) this.#held.add(batch);
  }

  async close(): Promise<void> {
    this.#flush();
    const deadline = Date.now() + CLOSE_MS;
    while (this.#redis && this.#underWay.size > 0 && Date.now() < deadline) await Bun.sleep(5);
    clearImmediate(this.#turn);
    clearTimeout(this.#again);
    this.#connection.close();
    this.#redis = undefined;
  }

  async #open(redis: Redis): Promise<void> {
    try {
      await this.#events.onOpened(redis);
    } catch (error) {
      if (redis === this.#connection.redis) this.#connection.cut(reasonOf(error));
      return;
    }
    if (redis !== this.#connection.redis) return;
    this.#redis = redis;
    this.#subscribed.clear();
    this.#unsettled.clear();
    for (const channel of this.#wanted) this.#unsettled.add(channel);
    const heard = this.#subscribe(redis, true);
    const held = this.takeHeld();
    this.release(held);
    this.#again = setTimeout(() => this.release(held.filter(({ events }) => events !== 'gap')), AGAIN_MS);
    if (await heard) this.#events.onHearing();
  }

  #down(why: string): void {
    this.#redis = undefined;
    clearTimeout(this.#again);
    for (const batch of [...this.#underWay, ...this.#gathering.values()]) this.#held.add(batch);
    this.#underWay.clear();
    this.#gathering.clear();
    this.#eventsUnderWay = 0;
    this.#events.onDown(why);
  }

  #schedule(): void {
    this.#turn ??= setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#turn = undefined;
    const redis = this.#redis;
    if (!redis) return;
    void this.#subscribe(redis);
    const batches = [...this.#gathering.values()];
    this.#gathering.clear();
    this.#eventsUnderWay -= countOf(batches);
    if (batches.length > 0) void this.#send(redis, batches);
  }

  async #send(redis: Redis, batches: readonly Batch[]): Promise<void> {
    const command = this.#events.isSharded() ? 'spublish' : 'publish';
    const pipeline = redis.pipeline();
    this.#eventsUnderWay += countOf(batches);
    for (const batch of batches) {
      batch.number ??= ++this.#batches;
      pipeline[command](batch.channel, encodeBatch(this.id, batch));
      this.#underWay.add(batch);
    }
    const results = await pipeline.exec().catch(() => undefined);
    if (!results || redis !== this.#redis) return; // `#down` holds them
    this.#eventsUnderWay -= countOf(batches);
    for (const batch of batches) this.#underWay.delete(batch);
    const errors = results.map(([error]) => error);
    batches.forEach(({ channel, heardHere, events }, index) => {
      if (errors[index]) this.#held.add({ channel, heardHere, events });
    });
    const refused = errors.find((error) => error !== null);
    if (refused) this.#refused(refused);
  }

  /** Resolves when all that was unsettled is heard; false when it came to nothing. Anew: it is said at once for all. */
  async #subscribe(redis: Redis, isAnew = false): Promise<boolean> {
    const channels = [...this.#unsettled];
    this.#unsettled.clear();
    const come = channels.filter((channel) => this.#wanted.has(channel) && !this.#subscribed.has(channel));
    const gone = channels.filter((channel) => !this.#wanted.has(channel) && this.#subscribed.has(channel));
    for (const channel of come) this.#subscribed.add(channel);
    for (const channel of gone) this.#subscribed.delete(channel);
    const isSharded = this.#events.isSharded();
    try {
      await Promise.all([
        ...groupsOf(come, isSharded ? 1 : SUBSCRIBE_AT_ONCE).map(async (some) => {
          await (isSharded ? redis.ssubscribe(...some) : redis.subscribe(...some));
          if (redis !== this.#redis || isAnew) return;
          for (const channel of some) this.#events.onFollowed(channel);
        }),
        ...groupsOf(gone, isSharded ? 1 : SUBSCRIBE_AT_ONCE).map((some) =>
          isSharded ? redis.sunsubscribe(...some) : redis.unsubscribe(...some),
        ),
      ]);
      return redis === this.#redis;
    } catch (error) {
      if (redis === this.#redis) this.#refused(error);
      return false;
    }
  }

  /** Redis did not do as it was told. Where the channel has moved that is soon put right; else all begins anew. */
  #refused(error: unknown): void {
    const reason = reasonOf(error);
    if (/^(MOVED|ASK|CLUSTERDOWN|TRYAGAIN)\b/.test(reason)) this.#events.onMoved();
    else this.#connection.cut(reason);
  }
}

/** Events in batches; a gap counts as one. */
function countOf(batches: readonly Batch[]): number {
  return batches.reduce((sum, { events }) => sum + (events === 'gap' ? 1 : events.length), 0);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function groupsOf<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
