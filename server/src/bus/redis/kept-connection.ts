import { Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from './address.ts';

/** How long a server may take to let us in, in ms. */
const OPENING_MS = 2_000;

/** The server is pinged so often, in ms, and given up where so many pings in a row have no answer. */
const PING_MS = 1_000;
const SILENT_PINGS_MAX = 3;

/** How long to wait before the next attempt, in ms: twice as long each time, up to a bound that is noticed by nobody. */
const BACKOFF = { firstMs: 50, maxMs: 800 };

/** How long a line that we ended may take to close, in ms, before it is torn down. */
const CLOSING_MS = 200;

export interface ConnectionEvents {
  onUp(redis: Redis): void;
  /** @param why for people; given once for each time that it is down */
  onDown(why: string): void;
  onMessage(channel: string, text: string): void;
  /** A part of a cluster was given to another server. */
  onMoved(): void;
}

/**
 * One connection to a Redis server, which speaks RESP3, so that it both publishes and hears. When it breaks, or the
 * server says nothing any more, another takes its place, for as long as it takes. ioredis would do some of that itself,
 * but waits without end for a server that lets it connect and then is silent, and resubscribes without telling when.
 */
export class KeptConnection {
  readonly #address: RedisAddress;
  readonly #events: ConnectionEvents;
  #redis: Redis | undefined;
  #isUp = false;
  #silentPings = 0;
  /** Attempts since a server last answered a ping. */
  #attempts = 0;
  #isSaidDown = false;
  #isClosed = false;
  #lastError = '';
  #opening: Timer | undefined;
  #retry: Timer | undefined;
  readonly #pinging = setInterval(() => this.#ping(), PING_MS);

  constructor(address: RedisAddress, events: ConnectionEvents) {
    this.#address = address;
    this.#events = events;
    this.#open();
  }

  /** Undefined while there is no connection. */
  get redis(): Redis | undefined {
    return this.#isUp ? this.#redis : undefined;
  }

  /** Gives the present connection up, and goes on with another. */
  cut(why: string): void {
    if (this.#redis) this.#ended(this.#redis, why);
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#pinging);
    clearTimeout(this.#opening);
    clearTimeout(this.#retry);
    this.#redis?.disconnect();
    this.#redis = undefined;
    this.#isUp = false;
  }

  #open(): void {
    const options = {
      ...this.#address.options,
      protocol: 3,
      replyMapping: 'legacy',
      lazyConnect: true,
      retryStrategy: () => null,
      maxRetriesPerRequest: null,
      enableOfflineQueue: false,
      autoResubscribe: false,
      autoResendUnfulfilledCommands: false,
      connectTimeout: OPENING_MS,
      disconnectTimeout: CLOSING_MS,
      connectionName: 'pokers',
    } as const satisfies RedisOptions;
    const redis = new Redis(options);
    this.#redis = redis;
    this.#lastError = '';
    redis.on('error', (error: Error) => {
      this.#lastError = error.message;
    });
    redis.on('message', (channel: string, text: string) => this.#events.onMessage(channel, text));
    redis.on('smessage', (channel: string, text: string) => this.#events.onMessage(channel, text));
    redis.on('moved', () => this.#events.onMoved());
    redis.on('ready', () => this.#opened(redis));
    redis.on('end', () => this.#ended(redis, this.#lastError || 'the connection was closed'));
    this.#opening = setTimeout(() => this.#ended(redis, 'it does not answer'), OPENING_MS);
    redis.connect().catch(() => undefined); // `end` follows
  }

  #opened(redis: Redis): void {
    if (redis !== this.#redis) return;
    clearTimeout(this.#opening);
    this.#isUp = true;
    this.#isSaidDown = false;
    this.#silentPings = 0;
    this.#events.onUp(redis);
  }

  #ended(redis: Redis, why: string): void {
    if (redis !== this.#redis) return;
    clearTimeout(this.#opening);
    this.#redis = undefined;
    this.#isUp = false;
    redis.disconnect();
    if (this.#isClosed) return;
    const wait = Math.min(BACKOFF.maxMs, BACKOFF.firstMs * 2 ** this.#attempts++);
    this.#retry = setTimeout(() => this.#open(), wait * (0.5 + Math.random() / 2));
    if (this.#isSaidDown) return;
    this.#isSaidDown = true;
    this.#events.onDown(why);
  }

  /** Counts pings rather than time, so that a moment in which this process itself stood still is not held against it. */
  #ping(): void {
    const { redis } = this;
    if (!redis) return;
    if (++this.#silentPings > SILENT_PINGS_MAX) return this.cut('it does not answer');
    redis.ping().then(
      () => {
        if (redis !== this.#redis) return;
        this.#silentPings = 0;
        this.#attempts = 0;
      },
      () => undefined,
    );
  }
}
