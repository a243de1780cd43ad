import { LIMITS } from '@pokers/protocol/limits';
import type { Connection } from '../hub/connection.ts';
import type { Publish } from '../hub/hub.ts';
import { membershipsAmong, membershipsIn } from '../store/members.ts';
import type { Records } from '../store/records.ts';
import type { LinkShare } from './link-share.ts';
import { Rounds } from './rounds.ts';

const HERE = {
  /** Who comes and goes gathers for so long after a quiet moment, in ms, and then for so long from one round to the next. */
  soonMs: 200,
  everyMs: 2_000,
  /** People of whom one round tells; the others wait for the next. */
  atOnce: 500,
  /** How long the members of a class are remembered, in ms, so that many who come at once cost one look into the store. */
  membersMs: 2_000,
  /** People who wait to be told of; those beyond are not, until they come or go again. */
  waitingMax: 20_000,
} as const;

/** Who of a class is here: at most `LIMITS.hereNamed` by id, and how many there are. */
export interface WhoIsHere {
  readonly here: number[];
  readonly count: number;
}

export interface HereParts {
  readonly store: Records;
  readonly isHere: (user: number) => boolean;
  readonly share: LinkShare;
  readonly publish: Publish;
  /** How many connections of this process subscribed to a topic. */
  readonly audience: (topic: string) => number;
  readonly onError: (error: unknown) => void;
}

/**
 * Shows who of a class is connected, to those connections that look at the class: each at one class at a time. Those who
 * come and go are told as one frame a round and class, the same for everyone.
 */
export class Here {
  readonly #parts: HereParts;
  /** Classes that some connection here looked at; whether one still does, its topic knows. */
  readonly #classes = new Set<number>();
  /** Who came or went and was not told of yet. */
  readonly #waiting = new Set<number>();
  /** Who is in a class, for those who ask at the same time. */
  readonly #members = new Map<number, Promise<ReadonlyMap<number, unknown>>>();
  readonly #rounds: Rounds;

  constructor(parts: HereParts) {
    this.#parts = parts;
    this.#rounds = new Rounds({
      soonMs: HERE.soonMs,
      everyMs: HERE.everyMs,
      may: () => parts.share.isFree,
      run: () => this.#tell(),
      onError: parts.onError,
    });
  }

  /** The connection looks at this class from now on, and at no other. Who may, is the caller's matter. */
  look(connection: Connection, classroom: number): void {
    const { watching } = connection;
    if (watching?.here === classroom) return;
    if (watching?.here !== undefined) connection.unsubscribe(topicOf(watching.here));
    connection.watching = { ...watching, here: classroom };
    connection.subscribe(topicOf(classroom));
    this.#classes.add(classroom);
  }

  /** The connection looks at the class no longer. */
  lookAway(connection: Connection, classroom: number): void {
    const { watching } = connection;
    if (watching?.here !== classroom) return;
    connection.unsubscribe(topicOf(classroom));
    connection.watching = { ...watching, here: undefined };
  }

  async of(classroom: number): Promise<WhoIsHere> {
    const here = [...(await this.#membersOf(classroom)).keys()].filter(this.#parts.isHere);
    return { here: here.slice(0, LIMITS.hereNamed), count: here.length };
  }

  /** The user's first connection has come, wherever it is, or the last one has gone. */
  changed(user: number): void {
    if (this.#classes.size === 0 || this.#waiting.size >= HERE.waitingMax) return;
    this.#waiting.add(user);
    this.#rounds.want();
  }

  stop(): void {
    this.#rounds.stop();
  }

  #membersOf(classroom: number): Promise<ReadonlyMap<number, unknown>> {
    const present = this.#members.get(classroom);
    if (present) return present;
    const members = membershipsIn(this.#parts.store, classroom);
    this.#members.set(classroom, members);
    const forget = (): boolean => this.#members.delete(classroom);
    members.then(() => setTimeout(forget, HERE.membersMs).unref(), forget);
    return members;
  }

  async #tell(): Promise<void> {
    const { store, audience } = this.#parts;
    for (const classroom of this.#classes)
      if (audience(topicOf(classroom)) === 0) this.#classes.delete(classroom);
    if (this.#classes.size === 0) return this.#waiting.clear();
    const users = [...this.#waiting].slice(0, HERE.atOnce);
    for (const user of users) this.#waiting.delete(user);
    const memberships = await membershipsAmong(store, users);
    for (const [classroom, members] of Map.groupBy(memberships, ({ classroom }) => classroom)) {
      if (!this.#classes.has(classroom)) continue;
      this.#tellClass(
        classroom,
        members.map(({ user }) => user),
      );
    }
    if (this.#waiting.size > 0) this.#rounds.want();
  }

  #tellClass(classroom: number, users: readonly number[]): void {
    const { isHere, publish, share, audience } = this.#parts;
    const came = users.filter(isHere);
    const left = users.filter((user) => !isHere(user));
    const frame = JSON.stringify({ op: 'here', class: classroom, came, left });
    share.spend(frame.length, audience(topicOf(classroom)));
    publish(topicOf(classroom), frame);
  }
}

function topicOf(classroom: number): string {
  return `here/${classroom}`;
}
