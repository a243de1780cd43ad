import { frameWireBytes, PACKET_PAYLOAD, wireBytes } from './wire-size.ts';

export const EGRESS = {
  /** How long one chunk of a download keeps the link busy, in ms, though it is never less than a packet. */
  chunkMs: 20,
  /** The next chunk leaves when the link will be free in so many ms, so that a timer that is late leaves no gap. */
  aheadMs: 10,
  /** The part of the link that downloads may fill when nobody speaks; the rest is for what the estimate misses. */
  fill: 0.95,
  /** The part of the link that downloads get however much is said. */
  guaranteed: 0.1,
  /** Longest that the link is taken to be busy for, in ms: what goes beyond that, its readers do not get; they are cut. */
  delayMaxMs: 5_000,
  /** Largest chunk of a download, in bytes; on links from some 26 Mbit/s. */
  chunkMaxBytes: 64 * 1024,
} as const;

/** Room in a download's last packet for what HTTP and TLS put around a chunk, in bytes. */
const CHUNK_MARGIN = 32;

/** The answer to an upgrade, in bytes, as Bun writes it for `pokers.v2`. */
const UPGRADE_HEADERS = 201;

/** What leaves: frames; HTTP answers; and those of them that are large. */
export const EGRESS_KINDS = ['chat', 'http', 'bulk'] as const;
export type EgressKind = (typeof EGRESS_KINDS)[number];

/**
 * The budget of the link. Counts what this process sends, and where the link has a limit, knows how long it will be busy
 * with what was sent. Frames and small answers never wait for it; downloads take what they leave.
 */
export class Egress {
  /** Bytes a second that this process may send; Infinity where there is no limit. */
  readonly limit: number;
  readonly #sent: Record<EgressKind, number> = { chat: 0, http: 0, bulk: 0 };
  /** When the link will be free, and when a download may send however busy it is; in ms of the process's clock. */
  #freeAt = 0;
  #guaranteedAt = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Bytes of the link that went to it so far. */
  sent(kind: EgressKind): number {
    return this.#sent[kind];
  }

  /** A frame is sent to so many. @param payload in bytes */
  frame(payload: number, receivers = 1): void {
    this.#spend('chat', frameWireBytes(payload) * receivers);
  }

  /** An HTTP answer is sent. @param size of headers and body, in bytes */
  answer(size: number, kind: 'http' | 'bulk' = 'http'): void {
    this.#spend(kind, wireBytes(size));
  }

  /** A request became a socket. */
  upgrade(): void {
    this.#spend('http', wireBytes(UPGRADE_HEADERS));
  }

  /** A chunk of a download is sent. @param bytes at most `chunkBytes` */
  chunk(bytes: number): void {
    const size = wireBytes(bytes);
    this.#spend('bulk', size, size / EGRESS.fill);
    this.#guaranteedAt = performance.now() + this.#msFor(size) / EGRESS.guaranteed;
  }

  /** How large a chunk of a download is, in bytes: whole packets. */
  get chunkBytes(): number {
    const bytes = Math.min(EGRESS.chunkMaxBytes, (this.limit * EGRESS.chunkMs) / 1_000);
    return Math.max(1, Math.round(bytes / PACKET_PAYLOAD)) * PACKET_PAYLOAD - CHUNK_MARGIN;
  }

  /** How long the next chunk of a download has to wait, in ms. */
  get chunkWaitMs(): number {
    const now = performance.now();
    return Math.max(0, Math.min(this.#freeAt - EGRESS.aheadMs, this.#guaranteedAt) - now);
  }

  /**
   * How long what is said now waits for the link, in ms: 0 where it has no limit or is in time. What a download alone
   * keeps it busy with does not count.
   */
  get delayMs(): number {
    const download = EGRESS.aheadMs + this.#msFor(wireBytes(this.chunkBytes) / EGRESS.fill);
    return Math.max(0, this.#freeAt - performance.now() - download);
  }

  #spend(kind: EgressKind, bytes: number, charged = bytes): void {
    this.#sent[kind] += bytes;
    if (this.limit === Infinity) return;
    const now = performance.now();
    const freeAt = Math.max(now, this.#freeAt) + this.#msFor(charged);
    this.#freeAt = Math.min(freeAt, now + EGRESS.delayMaxMs);
  }

  /** How long the link is busy with so many bytes. */
  #msFor(bytes: number): number {
    return (bytes / this.limit) * 1_000;
  }
}
