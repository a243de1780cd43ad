import { countChars, LIMITS } from '@pokers/protocol/limits';
import type { Backoff } from '../backoff.ts';
import { DEFAULTS } from '../defaults.ts';
import { Emitter } from '../emitter.ts';
import { PokersError } from '../errors.ts';
import type { Line } from '../line.ts';
import { Answers } from './answers.ts';
import { Courier, type CourierOffice } from './courier.ts';
import { isStoredEntry, makeNonce, type OutboxCommand, type OutboxEntry, type StoredEntry } from './entry.ts';
import { HeldEntries, isTooOld, toOutboxEntry } from './held-entries.ts';
import type { OutboxEvents } from './outbox.ts';
import { type News, type Share, type ShareOwner, shareAmongPages, shareWithNobody } from './share.ts';
import type { OutboxStore } from './store.ts';

/**
 * The machinery of the outbox: holds all entries of one user, in step with the store and with the other pages, and
 * lets them be sent while there is a line.
 */
export class OutboxQueue implements CourierOffice, ShareOwner {
  readonly events = new Emitter<OutboxEvents>();
  readonly #held = new HeldEntries();
  readonly #answers = new Answers();
  /** What the store is asked for and has not done yet. */
  readonly #savings = new Set<Promise<void>>();
  /** Whose entries these are. What is made before that is known waits without one. */
  #owner: string | undefined;
  #share: Share | undefined;
  #leads = false;
  /** The store was read, and again since this page has the lead: what others wrote before goes first. */
  #ready = false;
  #readings = 0;
  #line: Line | undefined;
  #courier: Courier | undefined;
  #closed: PokersError | undefined;
  #impatience: ReturnType<typeof setTimeout> | undefined;

  /** `server` is its address: entries for one server are never sent to another. */
  constructor(
    private readonly server: string,
    private readonly store: OutboxStore,
    private readonly makeBackoff: () => Backoff,
  ) {}

  /** From now on it is this user's outbox. Entries of another stay in the store until they come back. */
  open(user: number): void {
    const owner = `${this.server} ${user}`;
    if (owner === this.#owner) return;
    if (this.#owner !== undefined) this.#letGo();
    this.#owner = owner;
    this.#share = this.store.shared ? shareAmongPages(`pokers outbox ${owner}`, this) : shareWithNobody(this);
    for (const { entry } of this.#held.all()) this.#add(owner, entry);
    this.#save(this.#load(owner));
  }

  attach(line: Line): void {
    this.#line = line;
    this.#courier = new Courier(line, this, this.makeBackoff);
    this.#expire();
    this.#adopt();
    this.#share?.seek();
    this.#courier.pump();
    this.#watchLeader();
  }

  /** Who has no line has no use for the lead. */
  detach(): void {
    this.#courier?.stop();
    this.#courier = undefined;
    this.#line = undefined;
    this.#share?.yield();
    this.#leads = false;
    clearTimeout(this.#impatience);
    this.#impatience = undefined;
  }

  /** What is not kept by a store will not be sent any more: it fails, and so does what is added until reopen(). */
  close(error: PokersError): void {
    this.#closed = error;
    if (this.store.durable) return;
    for (const { entry } of this.#held.all()) if (!entry.failure) this.refused(entry, error);
  }

  reopen(): void {
    this.#closed = undefined;
  }

  /** Resolves with the fields of the reply. Rejects with a PokersError; never because a line broke. */
  add(command: OutboxCommand, after?: number): Promise<object> {
    const refusal = this.#refusal(command);
    if (refusal) return Promise.reject(refusal);
    const entry: StoredEntry = {
      ...command,
      id: makeNonce(),
      at: this.#held.now(),
      ...(after !== undefined && { after }),
    };
    this.#held.put({ entry, kept: false, own: true, stray: false });
    const answer = this.#answers.of(entry.id);
    if (entry.action === 'read') this.#supersede(entry.thread);
    if (this.#owner !== undefined && this.#held.get(entry.id)) this.#add(this.#owner, entry);
    this.#changed();
    return answer;
  }

  retry(id: string): void {
    const held = this.#held.mark(id, { own: true });
    if (!held?.entry.failure) return;
    const { failure: _, ...entry } = held.entry;
    this.#update({ ...entry, at: this.#held.now() });
  }

  discard(id: string): void {
    if (this.#held.get(id)) this.#remove([id], discarded());
  }

  entries(thread?: number): OutboxEntry[] {
    return this.#held
      .all()
      .flatMap((held) =>
        thread === undefined || held.entry.thread === thread ? (toOutboxEntry(held) ?? []) : [],
      );
  }

  /** When the store was read and all changes so far are in it, or could not be put there. */
  async saved(): Promise<void> {
    while (this.#savings.size > 0) await Promise.all(this.#savings);
  }

  sendable(): StoredEntry[] {
    if (!this.#ready || this.#closed) return [];
    const leaderless = this.#share?.exclusive === false;
    return this.#held
      .all()
      .filter(({ own, stray }) => this.#leads || stray || (own && leaderless))
      .map(({ entry }) => entry)
      .filter((entry) => !entry.failure && !isTooOld(entry));
  }

  answered(entry: StoredEntry, answer: object): void {
    if (!this.#held.get(entry.id)) return;
    if (entry.action !== 'read') return this.#remove([entry.id], answer);
    const marks = this.#held.marks(entry.thread).filter(({ message }) => message <= entry.message);
    this.#remove(
      marks.map(({ id }) => id),
      answer,
    );
  }

  refused(entry: StoredEntry, error: PokersError): void {
    if (!this.#held.get(entry.id)) return;
    if (entry.action === 'read') return this.#remove([entry.id], error);
    const { code, error: name, message } = error;
    this.#answers.reject(entry.id, error);
    this.#update({ ...entry, failure: { code, error: name, message } });
  }

  onLead(): void {
    this.#leads = true;
    if (this.#owner !== undefined) this.#save(this.#load(this.#owner));
  }

  onLost(): void {
    this.#leads = false;
  }

  onNews(news: News): void {
    if ('gone' in news) this.#forget(news.gone, news.answer ?? discarded());
    else if (!this.#held.isGone(news.put.id)) this.#learn(news.put);
    this.#changed();
  }

  /** The user is another one: whoever waits for an answer waits in vain. */
  #letGo(): void {
    this.#share?.close();
    this.#leads = false;
    this.#held.clear();
    this.#answers.rejectAll(PokersError.closed('Someone else signed in. It waits until its writer is back.'));
  }

  /** Takes what the store has and is not known yet. Without a store that works, what is held is all there is. */
  async #load(owner: string): Promise<void> {
    const reading = ++this.#readings;
    this.#ready = false;
    const found = await this.store.read(owner).catch(() => []);
    // A later reading, perhaps of another user's, does it.
    if (reading !== this.#readings) return;
    for (const entry of found.filter(isStoredEntry))
      if (!this.#held.knows(entry.id)) this.#held.put({ entry, kept: true, own: false, stray: false });
    this.#ready = true;
    this.#adopt();
    this.#expire();
    this.#changed();
  }

  /** Where nobody leads, a new line is the time to send what is left of the others', in its order. */
  #adopt(): void {
    if (this.#share?.exclusive !== false) return;
    for (const { entry } of this.#held.all()) this.#held.mark(entry.id, { own: true });
  }

  #expire(): void {
    for (const { entry } of this.#held.all()) {
      if (entry.failure || !isTooOld(entry)) continue;
      this.refused(entry, new PokersError(0, 'too_old', 'This waited for two weeks and was not sent.'));
    }
  }

  /** What the server would refuse, or what would close the connection for its size, is not sent at all. */
  #refusal(command: OutboxCommand): PokersError | undefined {
    if (this.#closed && !this.store.durable) return this.#closed;
    if ('content' in command) {
      const isFile = command.action === 'post' && command.file !== undefined;
      if (command.content.trim() === '' && !isFile) return PokersError.of('bad_request');
      if (countChars(command.content) > LIMITS.contentChars) return PokersError.of('too_long');
    }
    if (command.action !== 'read' && this.#held.isFull(command.thread)) return PokersError.of('too_many');
    return this.#makeRoom() ? undefined : PokersError.of('too_many');
  }

  #makeRoom(): boolean {
    if (this.#held.hasRoom()) return true;
    const victim = this.#held.dispensable();
    if (victim) this.#remove([victim.id], PokersError.of('too_many'));
    return victim !== undefined;
  }

  /** Of what this page marked as read in a thread only the newest counts. */
  #supersede(thread: number): void {
    const marks = this.#held.marks(thread).filter(({ id }) => this.#held.get(id)?.own);
    const newest = marks.reduce((a, b) => (b.message >= a.message ? b : a));
    for (const { id } of marks) {
      if (id === newest.id) continue;
      this.#answers.move(id, newest.id);
      this.#remove([id], discarded());
    }
  }

  #add(owner: string, entry: StoredEntry): void {
    const adding = this.store.add(owner, entry).then(
      () => {
        const held = this.#held.mark(entry.id, { kept: true });
        // As it is by now: it may have failed already.
        if (held) this.#share?.tell({ put: held.entry });
      },
      () => this.#held.mark(entry.id, { stray: true }),
    );
    this.#save(adding.then(() => this.#changed()));
  }

  #update(entry: StoredEntry): void {
    this.#held.mark(entry.id, { entry });
    this.#share?.tell({ put: entry });
    if (this.#owner !== undefined) this.#save(this.store.update(this.#owner, entry));
    this.#changed();
  }

  /** For good, with the answer or the reason. Told before the store forgets it: who takes the lead in between sends it again. */
  #remove(ids: readonly string[], outcome: object): void {
    for (const id of ids) {
      this.#share?.tell({ gone: id, answer: outcome instanceof PokersError ? undefined : outcome });
      this.#forget(id, outcome);
    }
    if (this.#owner !== undefined) this.#save(this.store.remove(this.#owner, ids));
    this.#changed();
  }

  #forget(id: string, outcome: object): void {
    const held = this.#held.take(id);
    if (outcome instanceof PokersError) return this.#answers.reject(id, outcome);
    this.#answers.resolve(id, outcome);
    const entry = held && toOutboxEntry(held);
    if (entry) this.events.emit('answered', entry, outcome as { id: number; seq: number });
  }

  /** Another page made an entry, or found out what becomes of it. */
  #learn(entry: StoredEntry): void {
    const held = this.#held.get(entry.id);
    this.#held.put({ own: false, stray: false, ...held, entry, kept: true });
    if (!entry.failure) return;
    const { code, error, message } = entry.failure;
    this.#answers.reject(entry.id, new PokersError(code, error, message));
  }

  /** A storage that fails has no say: what it did not take is not kept, and what it did not forget is sent once more. */
  #save(saving: Promise<unknown>): void {
    const done: Promise<void> = saving.then(
      () => {},
      () => {},
    );
    this.#savings.add(done);
    void done.then(() => this.#savings.delete(done));
  }

  #changed(): void {
    this.events.emit('change');
    this.#courier?.pump();
    this.#watchLeader();
  }

  /** The page that has the lead may be one that the system holds still. Then this one, which has a line, takes it. */
  #watchLeader(): void {
    if (this.#impatience !== undefined || !this.#line || this.#leads || !this.#share?.exclusive) return;
    const waiting = this.#firstWaiting();
    if (waiting === undefined) return;
    this.#impatience = setTimeout(() => {
      this.#impatience = undefined;
      if (!this.#leads && this.#firstWaiting() === waiting) this.#share?.seize();
      else this.#watchLeader();
    }, DEFAULTS.leaderMs);
  }

  /** Of what this page made. */
  #firstWaiting(): string | undefined {
    return this.#held.all().find(({ entry, own }) => own && !entry.failure)?.entry.id;
  }
}

const discarded = () => PokersError.closed('It was discarded.');
