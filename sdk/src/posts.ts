import { countChars, LIMITS } from '@pokers/protocol/limits';
import type { Reply } from '@pokers/protocol/v2';
import { DEFAULTS } from './defaults.ts';
import { isNetworkError, PokersError, toPokersError } from './errors.ts';
import type { Line } from './line.ts';

/** A message that was stored. */
export interface Posted {
  readonly id: number;
  readonly seq: number;
  /** Unix seconds. */
  readonly date: number;
}

interface Post {
  readonly thread: number;
  readonly content: string;
  readonly nonce: string;
  readonly resolve: (posted: Posted) => void;
  readonly reject: (error: PokersError) => void;
}

/**
 * Posts that have no answer yet, in the order in which they were made. All of them go out again, with the same nonce
 * and in the same order, on every new line: the server stores each once and answers the same.
 */
export class Posts {
  readonly #waiting = new Set<Post>();
  #line: Line | undefined;
  #closed: PokersError | undefined;

  /** Resolves when the server has stored it. Rejects with a PokersError; never because a line broke. */
  add(thread: number, content: string): Promise<Posted> {
    const refusal = this.#refusal(thread, content);
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      const post = { thread, content, nonce: makeNonce(), resolve, reject };
      this.#waiting.add(post);
      if (this.#line) void this.#send(post, this.#line);
    });
  }

  attach(line: Line): void {
    this.#line = line;
    for (const post of this.#waiting) void this.#send(post, line);
  }

  detach(): void {
    this.#line = undefined;
  }

  /** Nothing will be sent until reopen(): whatever waits is rejected, and so is what is added. */
  close(error: PokersError): void {
    this.#closed = error;
    for (const post of this.#waiting) post.reject(error);
    this.#waiting.clear();
  }

  reopen(): void {
    this.#closed = undefined;
  }

  /** What the server would refuse, or what would close the connection for its size, is not sent at all. */
  #refusal(thread: number, content: string): PokersError | undefined {
    if (this.#closed) return this.#closed;
    if (content.trim() === '') return PokersError.of('bad_request');
    if (countChars(content) > LIMITS.contentChars) return PokersError.of('too_long');
    const ofThread = [...this.#waiting].filter((post) => post.thread === thread).length;
    const isFull = ofThread >= DEFAULTS.waitingPostsOfThread || this.#waiting.size >= DEFAULTS.waitingPosts;
    return isFull ? PokersError.of('too_many') : undefined;
  }

  async #send(post: Post, line: Line): Promise<void> {
    const { thread, content, nonce } = post;
    try {
      const { id, seq, date }: Reply<'post'> = await line.ask('post', { thread, content, nonce });
      if (this.#waiting.delete(post)) post.resolve({ id, seq, date });
    } catch (error) {
      if (isNetworkError(error)) return;
      if (this.#waiting.delete(post)) post.reject(toPokersError(error));
    }
  }
}

/** 128 random bits. Not crypto.randomUUID: browsers have that on https pages only, and a server may live on a LAN. */
function makeNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
