import type { Change } from '@pokers/protocol/message';
import type { Event, Reply } from '@pokers/protocol/v2';
import { type ChatMessage, toChatMessage } from './chat-message.ts';

/** All that changed in a thread after `since`, up to and including `last`. */
export interface Stretch {
  readonly since: number;
  readonly last: number;
  readonly changes: readonly Change[];
}

/**
 * What a live event covers. Without `s` its changes follow one another; where they do not, nothing is covered for
 * sure, and `since` is Infinity: it follows nothing, so the store is asked.
 */
export function toStretch(event: Event): Stretch {
  const first = event.e[0]?.[0] ?? 0;
  const last = event.e.at(-1)?.[0] ?? 0;
  const consecutive = last - first + 1 === event.e.length;
  return { since: event.s ?? (consecutive ? first - 1 : Number.POSITIVE_INFINITY), last, changes: event.e };
}

/** A message that was posted outside of the loaded stretch: not more is kept of it. */
export interface FarPost {
  readonly id: number;
  readonly speaker: number;
}

/**
 * What a client knows of a thread: a stretch of its messages without holes, mostly up to the newest, and the seq up to
 * which every change to them has been applied. Pure: asks nobody, knows no clock.
 */
export class Timeline {
  readonly #messages: ChatMessage[] = [];
  readonly #names = new Map<number, string>();
  #seq = 0;
  #hasOlder = false;
  #hasNewer = false;
  #newest = 0;
  #beyond: FarPost[] = [];
  #loaded = false;
  /** Further pages must have been read at this seq or later: up to here, changes to their messages were left out. */
  #leftOutSeq = 0;

  constructor(
    private readonly thread: number,
    private readonly capacity: number,
  ) {}

  /** Oldest first by id. The array is one and the same for the timeline's life; the messages in it never change. */
  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  /** Every change up to here has been applied. */
  get seq(): number {
    return this.#seq;
  }

  /** Whether the thread has messages that are older than the oldest loaded one. */
  get hasOlder(): boolean {
    return this.#hasOlder;
  }

  /** Whether the thread has messages that are newer than the newest loaded one. */
  get hasNewer(): boolean {
    return this.#hasNewer;
  }

  /** The id of the newest message that is known to be there, loaded or not; 0 where there is none. */
  get newest(): number {
    return this.#newest;
  }

  /** Whether a page of history was ever taken, since the beginning or since the last forget(). */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Another truth has begun: nothing that is known, names included, holds any longer. */
  forget(): void {
    this.#messages.length = 0;
    this.#names.clear();
    this.#seq = 0;
    this.#hasOlder = false;
    this.#hasNewer = false;
    this.#newest = 0;
    this.#beyond = [];
    this.#loaded = false;
    this.#leftOutSeq = 0;
  }

  /** Learns the names of speakers by user id; messages that are taken from now on carry them. */
  learn(names: Readonly<Record<string, string>>): void {
    for (const [speaker, name] of Object.entries(names)) this.#names.set(Number(speaker), name);
  }

  /** The newest page takes the place of all that was there. */
  replace(page: Reply<'history'>): void {
    this.#put(page);
    this.#seq = page.seq;
    this.#newest = this.#messages.at(-1)?.id ?? 0;
    this.#beyond = [];
    this.#loaded = true;
    this.#leftOutSeq = page.seq;
  }

  /**
   * A page of another place takes the place of what was loaded. False when it has to be asked for again: a message on it
   * may have changed since it was read.
   */
  show(page: Reply<'history'>): boolean {
    if (page.seq < this.#seq) return false;
    this.#put(page);
    // What the page is ahead of the events is heard once more, and is old then.
    this.#leftOutSeq = this.#seq;
    return true;
  }

  /**
   * Puts a page of older messages in front. False when the page does not fit and has to be asked for again: it was not
   * read for what is now the oldest message (`before`), or a message on it may have changed since it was read.
   */
  prepend(page: Reply<'history'>, before: number): boolean {
    if (this.#messages[0]?.id !== before || page.seq < this.#leftOutSeq) return false;
    this.learn(page.names);
    for (const change of page.messages) this.#insert(change);
    this.#hasOlder = page.more && page.messages.length > 0;
    return true;
  }

  /** Puts a page of newer messages behind. False as for `prepend`; `after` is the newest that was loaded. */
  append(page: Reply<'history'>, after: number): boolean {
    if (this.#messages.at(-1)?.id !== after || page.seq < this.#leftOutSeq) return false;
    this.learn(page.names);
    for (const change of page.messages) this.#insert(change);
    this.#hasNewer = page.newer === true && page.messages.length > 0;
    this.#newest = Math.max(this.#newest, this.#messages.at(-1)?.id ?? 0);
    return true;
  }

  /** Lets so many of the oldest and of the newest messages go; they are loaded again when they are wanted. */
  letGo(oldest: number, newest: number): void {
    const { length } = this.#messages;
    const last = Math.max(0, length - newest);
    const first = Math.min(oldest, last);
    if (last < length) this.#hasNewer = true;
    if (first > 0) this.#hasOlder = true;
    this.#messages.splice(last);
    this.#messages.splice(0, first);
    // Any change up to now may have been to one of those; a page that was read before it would bring it back old.
    this.#leftOutSeq = this.#seq;
  }

  /** Messages that were posted behind the loaded ones since this was last asked. */
  takeBeyond(): readonly FarPost[] {
    const taken = this.#beyond;
    if (taken.length > 0) this.#beyond = [];
    return taken;
  }

  /** Whether a stretch begins at or before the point up to which everything is known, so that taking it leaves no gap. */
  follows(stretch: Stretch): boolean {
    return stretch.since <= this.#seq;
  }

  /** The changes of a list whose message would be taken, but whose speaker has no name yet. */
  nameless(changes: readonly Change[]): Change[] {
    return changes.filter((change) => !this.#names.has(change[2]) && this.#isWanted(change));
  }

  /** Takes a stretch that follows. Returns the messages that are new or changed, each once, oldest first by id. */
  take(stretch: Stretch): ChatMessage[] {
    const taken = this.#take(stretch.changes);
    this.#seq = Math.max(this.#seq, stretch.last);
    return taken;
  }

  /** Takes a page of what changed after `seq`, and goes on from where the page ends. Returns what take() does. */
  catchUp(page: Reply<'resume'>): ChatMessage[] {
    this.learn(page.names);
    const taken = this.#take(page.changes);
    this.#seq = Math.max(this.#seq, page.seq);
    return taken;
  }

  /** Lets the oldest half go when there are more messages than the capacity. Returns whether it did. */
  trim(): boolean {
    if (this.#messages.length <= this.capacity) return false;
    this.letGo(this.#messages.length - Math.ceil(this.capacity / 2), 0);
    return true;
  }

  #take(changes: readonly Change[]): ChatMessage[] {
    const taken = new Map<number, ChatMessage>();
    for (const change of changes) {
      if (this.#isOutside(change)) {
        this.#leaveOut(change);
        continue;
      }
      this.#newest = Math.max(this.#newest, change[1]);
      const message = this.#insert(change);
      if (message) taken.set(message.id, message);
    }
    return [...taken.values()].sort((a, b) => a.id - b.id);
  }

  /** Puts the state of a message in its place, unless a newer one is there. */
  #insert(change: Change): ChatMessage | undefined {
    const at = this.#placeOf(change[1]);
    const present = this.#messages[at];
    const known = present?.id === change[1];
    if (known && present.seq >= change[0]) return undefined;
    const message = toChatMessage(this.thread, change, this.#names.get(change[2]) ?? '');
    this.#messages.splice(at, known ? 1 : 0, message);
    return message;
  }

  #put(page: Reply<'history'>): void {
    this.learn(page.names);
    this.#messages.length = 0;
    for (const change of page.messages) this.#insert(change);
    this.#hasOlder = page.more && page.messages.length > 0;
    this.#hasNewer = page.newer === true && page.messages.length > 0;
  }

  #leaveOut([seq, id, speaker, , content]: Change): void {
    this.#leftOutSeq = Math.max(this.#leftOutSeq, seq);
    if (id <= this.#newest) return;
    this.#newest = id;
    if (content !== 0) this.#beyond.push({ id, speaker });
  }

  #isWanted(change: Change): boolean {
    if (this.#isOutside(change)) return false;
    const present = this.#messages[this.#placeOf(change[1])];
    return present?.id !== change[1] || present.seq < change[0];
  }

  /** Whether a change is to a message beside the loaded ones, which comes with its page when that is loaded. */
  #isOutside([, id]: Change): boolean {
    if (this.#hasOlder && id < (this.#messages[0]?.id ?? 0)) return true;
    return this.#hasNewer && id > (this.#messages.at(-1)?.id ?? 0);
  }

  /** Where a message with this id is or belongs: a search from the end, where nearly all of them go, by halves. */
  #placeOf(id: number): number {
    let low = 0;
    let high = this.#messages.length;
    if ((this.#messages[high - 1]?.id ?? 0) < id) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#messages[middle]?.id ?? 0) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
