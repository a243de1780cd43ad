import type { ChatMessage, Place, PokersClient, PostExtra, ThreadChannel } from '@pokers/sdk';
import { computed, type Ref, ref, type ShallowRef, shallowRef } from 'vue';
import { createPulse } from '../pulse.ts';
import { type Arrival, createArrivals } from './arrivals.ts';
import { type PendingPost, toPendingPost, unshown } from './pending-post.ts';
import { createReading } from './reading.ts';

/** Least milliseconds between two renderings of a thread that is busy. */
const RENDER_MS = 50;

/** Messages that a conversation keeps after the reader left it, to show at once when she comes back. */
const KEPT_MESSAGES = 100;

/** Messages on a page that is loaded ahead. Few, so that putting them into the list takes a frame or two. */
const PAGE_MESSAGES = 30;

/** Messages around a place that the reader is led to: more than a screen of them. */
const PLACE_MESSAGES = 60;

/** A thread as the reader sees it: its messages, and what she wrote that is not among them yet. */
export interface Conversation {
  readonly threadId: number;
  /** Oldest first; what was known before is shown until the server answered. */
  readonly messages: ShallowRef<readonly ChatMessage[]>;
  /** What is to be shown behind them. */
  readonly pending: Readonly<Ref<readonly PendingPost[]>>;
  /** Whether the newest page is there. */
  readonly opened: Readonly<Ref<boolean>>;
  readonly hasOlder: Readonly<Ref<boolean>>;
  /** Whether what is loaded does not reach to the newest message. */
  readonly hasNewer: Readonly<Ref<boolean>>;
  /** What others posted since `arrivals` were last seen. */
  readonly arrivals: Readonly<ShallowRef<readonly Arrival[]>>;
  /** Up to here the reader had read when she entered; undefined where that is not known. */
  readonly readBefore: Readonly<Ref<number | undefined>>;
  /** Why the thread cannot be shown. */
  readonly failure: Readonly<ShallowRef<unknown>>;
  /** What stands in the text box. It stays when the reader goes elsewhere, and over a reload. */
  readonly draft: Ref<string>;
  /** Follows the thread; again after a failure. What is loaded holds this message, or the first unread one. */
  enter(message?: number): void;
  leave(): void;
  /** These three reject while there is no line. */
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  /** Another place takes the place of what is loaded. Rejects with `message_not_found`, too. */
  show(place: Place): Promise<void>;
  /** Lets so many of the oldest and newest loaded messages go, until they are wanted again. */
  letGo(oldest: number, newest: number): void;
  /** The reader has seen all that arrived. */
  seeArrivals(): void;
  /** The reader has this message before her. */
  read(message: number): void;
  post(content: string, extra?: PostExtra): void;
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
  /** These messages were there. */
  met(messages: readonly ChatMessage[]): void;
  /** These messages are new or changed. */
  heard(messages: readonly ChatMessage[]): void;
  /** Up to where the reader has read, as far as it is known; waits for what is being loaded. */
  lastRead(): Promise<number | undefined>;
  /** The reader has read up to this message; so many are still unread. */
  read(message: number, unread: number): void;
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
  const hasNewer = ref(false);
  const readBefore = ref<number>();
  const failure = shallowRef<unknown>();
  let channel: ThreadChannel | undefined;

  const render = createPulse(RENDER_MS, () => {
    if (!channel?.opened) return;
    messages.value = channel.messages.slice();
    hasOlder.value = channel.hasOlder;
    hasNewer.value = channel.hasNewer;
    opened.value = true;
    forgetArrived();
  });

  const arrivals = createArrivals(me);
  const reading = createReading(async (message) => {
    const own = channel ?? client.thread(threadId);
    listener.read(message, await own.markRead(message));
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

  function enter(message?: number): void {
    leave();
    failure.value = undefined;
    const own = client.thread(threadId);
    channel = own;
    let isPlaced = false;
    const fail = (error: unknown): void => {
      if (channel === own) failure.value = error;
    };
    own.on('reset', () => {
      dropAnswered();
      if (isPlaced) render.now();
      arrivals.know(own.newest);
      listener.met(own.messages);
    });
    own.on('change', (changed) => {
      if (isPlaced) render.soon();
      arrivals.hear(changed);
      const last = changed[changed.length - 1];
      if (last && channel === own) listener.spoken(last.date);
      listener.heard(changed);
    });
    own.on('beyond', arrivals.hear);
    own.on('lost', fail);
    const place = async (): Promise<void> => {
      await own.open();
      await begin(own, message);
      isPlaced = true;
      if (channel === own) render.now();
    };
    place().catch(fail);
  }

  /** The newest page is there. Where that is not the place to begin at, another one takes its place. */
  async function begin(own: ThreadChannel, message: number | undefined): Promise<void> {
    const read = await listener.lastRead();
    readBefore.value = read;
    reading.know(read);
    const at = message ?? read;
    const first = own.messages[0];
    if (at === undefined || !first || !own.hasOlder || at >= first.id) return;
    // What cannot be shown is told by whoever asks for it; here the newest page is as good.
    await own.show({ around: at }, PLACE_MESSAGES).catch(() => {});
  }

  function leave(): void {
    render.cancel();
    channel?.leave();
    channel = undefined;
    reading.now();
    arrivals.see();
    opened.value = false;
    hasOlder.value = false;
    // From the middle of the thread it would not go on where it ends.
    messages.value = hasNewer.value ? [] : messages.value.slice(-KEPT_MESSAGES);
    hasNewer.value = false;
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
  function post(content: string, extra: PostExtra = {}): void {
    const before = client.outbox.entries(threadId).at(-1)?.id;
    const posting = (channel ?? client.thread(threadId)).post(content, extra);
    const entry = client.outbox.entries(threadId).at(-1);
    const isTaken = entry !== undefined && entry.id !== before;
    posting.catch((failure: unknown) => {
      if (!isTaken) refused.value = [...refused.value, toRefused(content, extra, failure)];
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
    hasNewer,
    arrivals: arrivals.list,
    readBefore,
    failure,
    draft,
    enter,
    leave,
    async loadOlder() {
      await channel?.loadOlder(PAGE_MESSAGES);
      render.now();
    },
    async loadNewer() {
      await channel?.loadNewer(PAGE_MESSAGES);
      render.now();
    },
    async show(place) {
      await channel?.show(place, PLACE_MESSAGES);
    },
    letGo(oldest, newest) {
      channel?.letGo(oldest, newest);
      render.now();
    },
    seeArrivals: arrivals.see,
    read: reading.read,
    post,
    retry(key) {
      const found = takeRefused(key);
      if (found) post(found.content, found.extra);
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

function toRefused(content: string, extra: PostExtra, failure: unknown): PendingPost {
  return {
    key: `refused ${++refusals}`,
    content,
    extra,
    date: Math.floor(Date.now() / 1000),
    status: 'failed',
    failure,
  };
}
