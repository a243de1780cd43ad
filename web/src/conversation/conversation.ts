import type { ChatMessage, PokersClient, ThreadChannel } from '@pokers/sdk';
import { computed, type Ref, ref, type ShallowRef, shallowRef } from 'vue';
import { type PendingPost, unshown } from './pending-post.ts';
import { createPulse } from './pulse.ts';

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
  /** What stands in the text box. It stays when the reader goes elsewhere. */
  readonly draft: Ref<string>;
  /** Follows the thread; again after a failure. */
  enter(): void;
  leave(): void;
  /** Rejects while there is no line. */
  loadOlder(): Promise<void>;
  post(content: string): void;
  retry(key: number): void;
  /** Takes a failed post away and returns its text. */
  discard(key: number): string;
  /** Whether something would be lost with the page. */
  hasUnsent(): boolean;
}

/** `me` is the reader; `onSpoken` hears of the time (Unix seconds) of every new message. */
export function createConversation(
  client: PokersClient,
  threadId: number,
  me: number,
  onSpoken: (date: number) => void,
): Conversation {
  const messages = shallowRef<readonly ChatMessage[]>([]);
  const posts = shallowRef<readonly PendingPost[]>([]);
  const opened = ref(false);
  const hasOlder = ref(false);
  const failure = shallowRef<unknown>();
  const draft = ref('');
  let channel: ThreadChannel | undefined;
  let nextKey = 1;

  const render = createPulse(RENDER_MS, () => {
    if (!channel?.opened) return;
    messages.value = channel.messages.slice();
    hasOlder.value = channel.hasOlder;
    opened.value = true;
    forgetArrived();
  });

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
    });
    own.on('change', (changed) => {
      render.soon();
      const last = changed[changed.length - 1];
      if (last && channel === own) onSpoken(last.date);
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
    if (posts.value.length === 0) return;
    const present = new Set(messages.value.map((message) => message.id));
    posts.value = posts.value.filter((post) => post.id === undefined || !present.has(post.id));
  }

  /** The server has them: whoever loads the thread anew gets them with it. */
  function dropAnswered(): void {
    posts.value = posts.value.filter((post) => post.id === undefined);
  }

  function change(key: number, next: Partial<PendingPost>): void {
    posts.value = posts.value.map((post) => (post.key === key ? { ...post, ...next } : post));
  }

  async function send(key: number, content: string): Promise<void> {
    const carrier = channel ?? client.thread(threadId);
    try {
      const { id } = await carrier.post(content);
      change(key, { id });
      if (channel === undefined) dropAnswered();
      else forgetArrived();
    } catch (error) {
      change(key, { status: 'failed', failure: error });
    }
  }

  return {
    threadId,
    messages,
    pending: computed(() => unshown(posts.value, messages.value, me)),
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
    post(content) {
      const key = nextKey++;
      const after = messages.value[messages.value.length - 1]?.id ?? 0;
      const date = Math.floor(Date.now() / 1000);
      posts.value = [...posts.value, { key, content, date, after, status: 'sending' }];
      void send(key, content);
    },
    retry(key) {
      const post = posts.value.find((known) => known.key === key);
      if (post?.status !== 'failed') return;
      change(key, { status: 'sending', failure: undefined });
      void send(key, post.content);
    },
    discard(key) {
      const post = posts.value.find((known) => known.key === key);
      posts.value = posts.value.filter((known) => known !== post);
      return post?.content ?? '';
    },
    hasUnsent: () => posts.value.some((post) => post.id === undefined),
  };
}
