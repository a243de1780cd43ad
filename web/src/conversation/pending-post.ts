import type { ChatMessage } from '@pokers/sdk';

/** What the reader posted and the conversation does not show yet. */
export interface PendingPost {
  readonly key: number;
  readonly content: string;
  /** When it was written, Unix seconds. */
  readonly date: number;
  /** The newest message that was known then: the post becomes a later one. */
  readonly after: number;
  readonly status: 'sending' | 'failed';
  /** Why it failed. */
  readonly failure?: unknown;
  /** The message it became, once the server answered. */
  readonly id?: number;
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
  const since = Math.min(...posts.map((post) => post.after));
  const candidates = messages.filter((message) => message.id > since && message.speaker === me);
  const taken = new Set(posts.flatMap((post) => post.id ?? []));

  return posts.filter((post) => {
    if (post.status === 'failed') return true;
    if (post.id !== undefined) return !candidates.some((message) => message.id === post.id);
    const stand = candidates.find(
      (message) => message.id > post.after && message.content === post.content && !taken.has(message.id),
    );
    if (stand) taken.add(stand.id);
    return stand === undefined;
  });
}
