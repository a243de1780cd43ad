import type { Logger } from 'pino';
import { type Bus, type BusEvent, type BusListener, threadOf } from './bus.ts';
import { type RedisAddress, siblingOf } from './redis/address.ts';
import { RedisLine } from './redis/line.ts';
import { type Batch, decodeBatch } from './redis/payload.ts';
import { Seen } from './redis/seen.ts';
import { readSlots, type Slots } from './redis/slots.ts';

/** While some line is down, the store is looked into so often, in ticks, in the place of events. */
const DEAF_LOOK_TICKS = 2;
const TICK_MS = 1_000;

/** How often, in ticks, a cluster whose servers all answer is asked which of them has what. */
const SLOTS_TICKS = 5;

/** How long a cluster has to agree, in ms, before it is asked. */
const AGREEMENT_MS = 50;

/** What is not of ours is logged so often, in ms. */
const COMPLAIN_MS = 60_000;

/**
 * The bus between machines: Redis or Valkey, of version 6 or later, by publishing and subscribing. Each thread has a
 * channel, to which a process subscribes while it has listeners there; one more channel is everyone's. What is published
 * in one turn of the loop travels as one pipeline. In a cluster of Redis 7 each channel belongs to one server.
 *
 * When a connection breaks, those here hear what is published here at once (signals pass unheard), and the store is looked into now and then
 * for what the others did. When it is there again, everything that was followed is followed again and looked into, and
 * the others are told where something happened meanwhile.
 */
export class RedisBus implements Bus {
  readonly #address: RedisAddress;
  readonly #log: Pick<Logger, 'info' | 'warn'>;
  /** The server that was named. In a cluster it only tells where the others are. */
  readonly #first: RedisLine;
  /** The servers of a cluster, by address. */
  readonly #lines = new Map<string, RedisLine>();
  #slots: Slots | undefined;
  readonly #channels = new Set<string>();
  readonly #everyone: string;
  readonly #seen = new Seen();
  #listener: BusListener | undefined;
  #refreshing: Promise<void> | undefined;
  /** A server said that it has not, or no longer, what it was taken to have. */
  #isMoved = false;
  #ticks = 0;
  #isSaidDown = false;
  #complainedAt = Number.NEGATIVE_INFINITY;
  readonly #ticking = setInterval(() => this.#tick(), TICK_MS);

  constructor(address: RedisAddress, log: Pick<Logger, 'info' | 'warn'>) {
    this.#address = address;
    this.#log = log;
    this.#everyone = `pokers/${address.db}/all`;
    this.#first = this.#newLine(address);
    this.#follow(this.#everyone);
  }

  /** Whether every server is heard. */
  get isUp(): boolean {
    return this.#used().every(({ redis }) => redis !== undefined);
  }

  publish(event: BusEvent): void {
    const thread = threadOf(event);
    const channel = thread === undefined ? this.#everyone : this.#channelOf(thread);
    const line = this.#lineOf(channel);
    const isDown = line.redis === undefined;
    line.publish(channel, event);
    if (isDown && event.kind !== 'signal' && this.#channels.has(channel)) this.#listener?.onEvent(event);
  }

  listen(listener: BusListener): void {
    this.#listener = listener;
  }

  follow(thread: number): void {
    this.#follow(this.#channelOf(thread));
  }

  unfollow(thread: number): void {
    const channel = this.#channelOf(thread);
    this.#channels.delete(channel);
    this.#lineOf(channel).unfollow(channel);
  }

  async close(): Promise<void> {
    clearInterval(this.#ticking);
    await Promise.all([this.#first, ...this.#lines.values()].map((line) => line.close()));
    this.#listener = undefined;
  }

  #newLine(address: RedisAddress): RedisLine {
    return new RedisLine(address, {
      isSharded: () => this.#slots !== undefined,
      onOpened: async (redis) => {
        if (this.#slots === undefined) this.#share(await readSlots(redis));
      },
      onHearing: () => {
        if (this.isUp && this.#isSaidDown) {
          this.#isSaidDown = false;
          this.#log.info('the bus is there again: what was missed meanwhile is fetched from the store');
        }
        this.#listener?.onGap();
      },
      onFollowed: (channel) => {
        const thread = this.#threadOf(channel);
        if (thread !== undefined) this.#listener?.onGap(thread);
      },
      onDown: (why) => this.#down(address.name, why),
      onPayload: (channel, text) => this.#receive(channel, text),
      onMoved: () => {
        this.#isMoved = true;
        void this.#refresh();
      },
      onLost: () => this.#lineOf(this.#everyone).publish(this.#everyone, 'gap'),
    });
  }

  #follow(channel: string): void {
    this.#channels.add(channel);
    this.#lineOf(channel).follow(channel);
  }

  #receive(channel: string, text: string): void {
    if (!this.#channels.has(channel)) return;
    const batch = decodeBatch(text);
    if (!batch) return this.#complain(channel);
    const { line, number, heardThere, events } = batch;
    if (!this.#seen.isNew(line, number)) return;
    if (heardThere && this.#isOurs(line)) return;
    const isUnknown = events === 'gap' || events.includes(undefined);
    if (events !== 'gap') for (const event of events) if (event) this.#listener?.onEvent(event);
    if (isUnknown) this.#listener?.onGap(this.#threadOf(channel));
  }

  #isOurs(line: string): boolean {
    return [this.#first, ...this.#lines.values()].some(({ id }) => id === line);
  }

  #down(name: string, why: string): void {
    if (!this.#isSaidDown) {
      this.#isSaidDown = true;
      this.#log.warn(
        `the bus: no connection to Redis at ${name} (${why}). Posts are stored; others hear late`,
      );
    }
    this.#listener?.onGap();
  }

  #tick(): void {
    this.#ticks++;
    const { isUp } = this;
    if (!isUp && this.#ticks % DEAF_LOOK_TICKS === 0) this.#listener?.onGap();
    if (this.#slots && (!isUp || this.#ticks % SLOTS_TICKS === 0)) void this.#refresh();
  }

  /** Asks the cluster which server has what. */
  #refresh(): Promise<void> {
    const ask = async (): Promise<void> => {
      const redis = [this.#first, ...this.#lines.values()].find((line) => line.redis)?.redis;
      if (!redis) return;
      await Bun.sleep(AGREEMENT_MS);
      this.#share(await readSlots(redis));
    };
    this.#refreshing ??= ask()
      .catch(() => undefined) // the connection broke, and its line says so
      .finally(() => {
        this.#refreshing = undefined;
      });
    return this.#refreshing;
  }

  /** From now on every channel is where the cluster says. */
  #share(slots: Slots | undefined): void {
    if (!slots) return;
    const before = new Map([...this.#channels].map((channel) => [channel, this.#lineOf(channel)]));
    this.#slots = slots;
    for (const name of slots.servers) {
      if (!this.#lines.has(name)) this.#lines.set(name, this.#newLine(siblingOf(this.#address, name)));
    }
    for (const [channel, line] of before) {
      const owner = this.#lineOf(channel);
      if (owner === line) continue;
      line.unfollow(channel);
      owner.follow(channel);
    }
    for (const line of [this.#first, ...this.#lines.values()]) {
      for (const batch of line.takeHeld()) this.#release(batch, line);
      if (slots.servers.has(line.name)) continue;
      if (this.#lines.delete(line.name)) void line.close();
    }
    if (this.#isMoved) for (const line of this.#lines.values()) line.followAgain();
    this.#isMoved = false;
  }

  /** Where the batch has another line now, it is a new one there. */
  #release({ number, ...batch }: Batch, line: RedisLine): void {
    const owner = this.#lineOf(batch.channel);
    owner.release([owner === line && number !== undefined ? { ...batch, number } : batch]);
  }

  #used(): RedisLine[] {
    return this.#slots ? [...this.#lines.values()] : [this.#first];
  }

  #lineOf(channel: string): RedisLine {
    const server = this.#slots?.serverOf(channel);
    return (server !== undefined && this.#lines.get(server)) || this.#first;
  }

  #channelOf(thread: number): string {
    return `pokers/${this.#address.db}/${thread}`;
  }

  /** Undefined for the channel of everyone. */
  #threadOf(channel: string): number | undefined {
    return channel === this.#everyone ? undefined : Number(channel.slice(channel.lastIndexOf('/') + 1));
  }

  #complain(channel: string): void {
    const now = performance.now();
    if (now - this.#complainedAt < COMPLAIN_MS) return;
    this.#complainedAt = now;
    this.#log.warn({ channel }, 'the bus: something that Pokers did not write was ignored');
  }
}
