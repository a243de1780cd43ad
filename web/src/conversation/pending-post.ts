import type { ChatMessage, OutboxEntry, PostExtra } from '@pokers/sdk';

/** What the reader posted, on any page, and the conversation does not show yet. */
export interface PendingPost {
  readonly key: string;
  /** Empty for a file without words. */
  readonly content: string;
  /** What it has beside its text. */
  readonly extra?: PostExtra;
  /** When it was written, Unix seconds. */
  readonly date: number;
  /** The newest message that was known then: the post becomes a later one. Undefined where none was. */
  readonly after?: number | undefined;
  readonly status: 'sending' | 'failed';
  /** Why it failed. */
  readonly failure?: unknown;
  /** The message it became, once the server answered. */
  readonly id?: number;
}

/** Undefined for an entry that is no post. */
export function toPendingPost(entry: OutboxEntry): PendingPost | undefined {
  if (entry.action !== 'post') return undefined;
  const { id: key, content, at, after, failure, reply } = entry;
  const status = entry.status === 'failed' ? 'failed' : 'sending';
  const extra = reply === undefined ? {} : { reply };
  return { key, content, extra, date: Math.floor(at / 1000), after, status, failure };
}

/**
 * The posts that are to be shown behind the messages. The event of a post may come before or after its answer. After
 * the answer its id tells; before it, a new message of the same speaker with the same words stands for the post, so
 * that it never shows twice, not even for a moment.
 */
export function unshown(
  posts: readonly PendingPost[],
  messages: readonly ChatMessage[],
  me: number,
): PendingPost[] {
  if (posts.length === 0) return [];
  const since = Math.min(...posts.map((post) => (post.id === undefined ? sinceOf(post) : post.id - 1)));
  const candidates = messages.filter((message) => message.id > since && message.speaker === me);
  const taken = new Set(posts.flatMap((post) => post.id ?? []));

  return posts.filter((post) => {
    if (post.status === 'failed') return true;
    if (post.id !== undefined) return !candidates.some((message) => message.id === post.id);
    const stand = candidates.find(
      (message) => message.id > sinceOf(post) && message.content === post.content && !taken.has(message.id),
    );
    if (stand) taken.add(stand.id);
    return stand === undefined;
  });
}

/** Where no message was known, any of those that are there may be older than the post: none stands for it. */
function sinceOf(post: PendingPost): number {
  return post.after ?? Number.POSITIVE_INFINITY;
}
