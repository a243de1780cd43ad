import { createECDH } from 'node:crypto';
import type { Message } from '@pokers/protocol/message';
import type { SubscribeBody } from '@pokers/protocol/notifications';
import { isQuiet, levelIn } from '@pokers/protocol/notify-rules';
import {
  hasSubscriptions,
  isNews,
  pushKey,
  type Recipient,
  recipientsIn,
  subscribeSteps,
  unsubscribeStep,
} from '../store/notifications.ts';
import type { Store } from '../store/store.ts';
import { Deliveries } from './deliveries.ts';
import { type Gathered, Gathering, type PushTimes } from './gathering.ts';
import { noticeOf } from './notice.ts';
import { type Letter, PushService, type ServerKey } from './push-service.ts';
import { lastWanted, type Told } from './wanted.ts';

export interface PushOptions extends PushTimes {
  /** The wait before a letter is tried again, in ms. */
  readonly retryMs: number;
  /** For tests: push services may be on this machine. */
  readonly mayBeNear: boolean;
}

export const PUSH: PushOptions = { delayMs: 2_000, spacingMs: 20_000, retryMs: 5_000, mayBeNear: false };

export interface PushParts {
  readonly store: Store;
  readonly options: PushOptions;
  readonly onError: (error: unknown) => void;
  /** What push services do wrong. */
  readonly onProblem: (error: unknown) => void;
}

/** Recipients that are read at once. */
const PAGE = 500;

/**
 * Tells browsers of messages that their users have not read. The process that stored a message tells of it, so each is
 * told once. Nothing waits for it: a post only leaves its message here, and the sweep does the rest.
 */
export class Push {
  readonly #parts: PushParts;
  readonly #gathering: Gathering;
  readonly #service: PushService;
  readonly #deliveries: Deliveries;
  #key: Promise<ServerKey> | undefined;
  #work: Promise<void> | undefined;
  #isStopped = false;

  constructor(parts: PushParts) {
    const { options, store, onError, onProblem } = parts;
    this.#parts = parts;
    this.#gathering = new Gathering(options);
    this.#service = new PushService(options.mayBeNear);
    this.#deliveries = new Deliveries({
      retryMs: options.retryMs,
      isWanted: ({ subscription, message }) => isNews(store, subscription, message),
      send: async ({ subscription, letter }) =>
        this.#service.send(subscription, letter, await this.#serverKey()),
      onGone: ({ session, endpoint }) =>
        void store.atomically([unsubscribeStep(store.db, session, endpoint)]).catch(onError),
      onRefused: ({ subscription }, status) =>
        onProblem(new Error(`${new URL(subscription.endpoint).host} takes no notification (${status})`)),
      onError,
    });
  }

  get counts(): { sent: number; failed: number; dropped: number; waiting: number } {
    const { counts, waiting } = this.#deliveries;
    return { ...counts, dropped: counts.dropped + this.#gathering.dropped, waiting };
  }

  async publicKey(): Promise<string> {
    return (await this.#serverKey()).publicKey;
  }

  /** @throws push_service_refused, store_unavailable */
  async subscribe(
    owner: { session: number; user: number; origin: string },
    subscription: SubscribeBody,
  ): Promise<void> {
    this.#service.check(subscription.endpoint);
    const { store } = this.#parts;
    await store.atomically(subscribeSteps(store.db, owner, subscription));
  }

  async unsubscribe(session: number): Promise<void> {
    const { store } = this.#parts;
    await store.atomically([unsubscribeStep(store.db, session)]);
  }

  /** A message was stored by this process. */
  posted(message: Message): void {
    this.#gathering.add(message);
  }

  /** To be called every second. */
  sweep(): void {
    this.#deliveries.sweep();
    if (this.#work || this.#isStopped) return;
    const due = this.#gathering.take();
    if (due.length === 0) return;
    this.#work = this.#tellOf(due)
      .catch(this.#parts.onError)
      .finally(() => {
        this.#work = undefined;
      });
  }

  /** What has not been sent is not sent any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#deliveries.stop();
    await this.#work;
    this.#service.close();
  }

  async #tellOf(due: readonly Gathered[]): Promise<void> {
    if (!(await hasSubscriptions(this.#parts.store))) return;
    for (const gathered of due) {
      if (this.#isStopped) return;
      await this.#tell(gathered);
    }
  }

  async #tell({ classroom: id, thread: threadId, messages: posted }: Gathered): Promise<void> {
    const { store } = this.#parts;
    const [thread, classroom, ...present] = await Promise.all([
      store.thread(threadId),
      store.classroom(id),
      ...posted.map((message) => store.message(message)),
    ]);
    const messages = present.filter((message) => message !== undefined && message.deleted === null);
    if (!thread || !classroom || messages.length === 0) return;
    const told = await Promise.all((messages as Message[]).map((message) => this.#told(message)));
    const place = {
      announces: thread.read_only !== null,
      className: classroom.name,
      threadName: thread.name,
    };
    for (let after = 0, more = true; more; ) {
      const recipients = await recipientsIn(
        store,
        { classroom: id, thread: threadId },
        { after, limit: PAGE },
      );
      for (const recipient of recipients) this.#tellOne(recipient, told, place);
      more = recipients.length === PAGE;
      after = recipients.at(-1)?.subscription.session ?? 0;
    }
  }

  async #told(message: Message): Promise<Told> {
    const answered = message.reply === null ? undefined : await this.#parts.store.message(message.reply);
    return { message, answers: answered?.speaker };
  }

  #tellOne(
    { subscription, wishes, read }: Recipient,
    told: readonly Told[],
    place: { announces: boolean; className: string; threadName: string },
  ): void {
    if (isQuiet(wishes.quiet, Date.now())) return;
    const level = levelIn(wishes, place.announces);
    const message = lastWanted(told, { id: subscription.user, read, level });
    if (!message) return;
    const letter: Letter = {
      payload: JSON.stringify(noticeOf(message, place, subscription.language, wishes.content)),
      topic: `t${message.thread}`,
      isUrgent: level === 'mentions',
    };
    const { class: classroom, thread, number } = message;
    this.#deliveries.add({ subscription, letter, message: { classroom, thread, number } });
  }

  #serverKey(): Promise<ServerKey> {
    this.#key ??= pushKey(this.#parts.store).then(toServerKey);
    this.#key.catch(() => {
      this.#key = undefined;
    });
    return this.#key;
  }
}

/** @param jwk a private key on P-256, in JSON */
function toServerKey(jwk: string): ServerKey {
  const { d: privateKey } = JSON.parse(jwk) as { d: string };
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(privateKey, 'base64url');
  return { privateKey, publicKey: pair.getPublicKey('base64url') };
}
