import type { ChatMessage, PokersClient, ThreadChannel } from '@pokers/sdk';
import { computed, type Ref, ref, type ShallowRef, shallowRef } from 'vue';
import { createPulse } from '../pulse.ts';
import { type PendingPost, toPendingPost, unshown } from './pending-post.ts';

/** Least milliseconds between two renderings of a thread that is busy. */
const RENDER_MS = 50;

/** Messages that a conversation keeps after the reader left it, to show at once when she comes back. */
const KEPT_MESSAGES = 100;

/** A thread as the reader sees it: its messages, and what she wrote that is not among them yet. */
export interface Conversation {
  readonly threadId: number;
  /** Oldest first; what was known before is shown until the server answered. */
  readonly messages: Readonly<ShallowRef<readonly ChatMessage[]>>;
  /** What is to be shown behind them. */
  readonly pending: Readonly<Ref<readonly PendingPost[]>>;
  /** Whether the newest page is there. */
  readonly opened: Readonly<Ref<boolean>>;
  readonly hasOlder: Readonly<Ref<boolean>>;
  /** Why the thread cannot be shown. */
  readonly failure: Readonly<ShallowRef<unknown>>;
  /** What stands in the text box. It stays when the reader goes elsewhere, and over a reload. */
  readonly draft: Ref<string>;
  /** Follows the thread; again after a failure. */
  enter(): void;
  leave(): void;
  /** Rejects while there is no line. */
  loadOlder(): Promise<void>;
  post(content: string): void;
  retry(key: string): void;
  /** Takes a failed post away and returns its text. */
  discard(key: string): string;
  /** Posts that the outbox had no room for: they would be lost with the page. */
  hasRefused(): boolean;
}

/** What others want to know of what is said in a thread. */
export interface ConversationListener {
  /** Something was said at this time, Unix seconds. */
  spoken(date: number): void;
  /** These messages came, new or old. */
  heard(messages: readonly ChatMessage[]): void;
}

/** `me` is the reader. */
export function createConversation(
  client: PokersClient,
  threadId: number,
  me: number,
  draft: Ref<string>,
  listener: ConversationListener,
): Conversation {
  const messages = shallowRef<readonly ChatMessage[]>([]);
  const waiting = shallowRef(readOutbox());
  /** Answered, and their message is still to come. */
  const answered = shallowRef<readonly PendingPost[]>([]);
  const refused = shallowRef<readonly PendingPost[]>([]);
  const opened = ref(false);
  const hasOlder = ref(false);
  const failure = shallowRef<unknown>();
  let channel: ThreadChannel | undefined;

  const render = createPulse(RENDER_MS, () => {
    if (!channel?.opened) return;
    messages.value = channel.messages.slice();
    hasOlder.value = channel.hasOlder;
    opened.value = true;
    forgetArrived();
  });

  client.outbox.on('change', () => {
    waiting.value = readOutbox();
  });
  client.outbox.on('answered', (entry, { id }) => {
    const post = entry.thread === threadId ? toPendingPost(entry) : undefined;
    if (!post || !channel) return;
    answered.value = [...answered.value, { ...post, id }];
    forgetArrived();
  });

  function readOutbox(): PendingPost[] {
    return client.outbox.entries(threadId).flatMap((entry) => toPendingPost(entry) ?? []);
  }

  function enter(): void {
    leave();
    failure.value = undefined;
    const own = client.thread(threadId);
    channel = own;
    const fail = (error: unknown): void => {
      if (channel === own) failure.value = error;
    };
    own.on('reset', () => {
      dropAnswered();
      render.now();
      listener.heard(own.messages);
    });
    own.on('change', (changed) => {
      render.soon();
      const last = changed[changed.length - 1];
      if (last && channel === own) listener.spoken(last.date);
      listener.heard(changed);
    });
    own.on('lost', fail);
    own.open().then(render.now, fail);
  }

  function leave(): void {
    render.cancel();
    channel?.leave();
    channel = undefined;
    opened.value = false;
    hasOlder.value = false;
    messages.value = messages.value.slice(-KEPT_MESSAGES);
    dropAnswered();
  }

  /** Posts whose message is in the list are over. */
  function forgetArrived(): void {
    if (answered.value.length === 0) return;
    const present = new Set(messages.value.map((message) => message.id));
    answered.value = answered.value.filter((post) => post.id !== undefined && !present.has(post.id));
  }

  /** The server has them: whoever loads the thread anew gets them with it. */
  function dropAnswered(): void {
    answered.value = [];
  }

  /** What becomes of it is in the outbox; unless that did not take it, as when too many wait already. */
  function post(content: string): void {
    const before = client.outbox.entries(threadId).at(-1)?.id;
    const posting = (channel ?? client.thread(threadId)).post(content);
    const entry = client.outbox.entries(threadId).at(-1);
    const isTaken = entry !== undefined && entry.id !== before;
    posting.catch((failure: unknown) => {
      if (!isTaken) refused.value = [...refused.value, toRefused(content, failure)];
    });
  }

  /** Takes it out of those that the outbox refused. */
  function takeRefused(key: string): PendingPost | undefined {
    const found = refused.value.find((post) => post.key === key);
    if (found) refused.value = refused.value.filter((post) => post !== found);
    return found;
  }

  return {
    threadId,
    messages,
    pending: computed(() =>
      unshown([...answered.value, ...waiting.value, ...refused.value], messages.value, me),
    ),
    opened,
    hasOlder,
    failure,
    draft,
    enter,
    leave,
    async loadOlder() {
      await channel?.loadOlder();
      render.now();
    },
    post,
    retry(key) {
      const found = takeRefused(key);
      if (found) post(found.content);
      else client.outbox.retry(key);
    },
    discard(key) {
      const found = takeRefused(key) ?? waiting.value.find((post) => post.key === key);
      client.outbox.discard(key);
      return found?.content ?? '';
    },
    hasRefused: () => refused.value.length > 0,
  };
}

let refusals = 0;

function toRefused(content: string, failure: unknown): PendingPost {
  return {
    key: `refused ${++refusals}`,
    content,
    date: Math.floor(Date.now() / 1000),
    status: 'failed',
    failure,
  };
}
