import type { Path } from '../hub/path.ts';
import type { Caps } from './caps.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { Refusals } from './refusals.ts';

/** Where connections come from: an address, with how many of them there are, and what is known of the way to it. */
export interface Origin {
  readonly address: string;
  connections: number;
  /** Owned by `Liveness`; undefined until a line from there was quiet. */
  path?: Path | undefined;
}

/** A client beyond the number of its address or user is told to wait this long, in ms: others of them may go. */
const WAIT_MS = 10_000;

/**
 * Who may come in: counts the sockets of this process, those of each address and of each user. Its tables hold only
 * who is in, so they are bounded by the number of sockets.
 */
export class Admission {
  readonly #caps: Caps;
  readonly #memory: MemoryWatch;
  readonly #refusals: Refusals;
  readonly #origins = new Map<string, Origin>();
  readonly #users = new Map<number, number>();
  #connections = 0;
  #isStopping = false;

  constructor(caps: Caps, memory: MemoryWatch, refusals: Refusals) {
    this.#caps = caps;
    this.#memory = memory;
    this.#refusals = refusals;
  }

  /** From now on nobody comes in. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Whether there is room for what takes memory: a socket, a sign-in. @throws busy */
  requireMemory(): void {
    if (this.#memory.isHigh) throw this.#refusals.busy('memory');
  }

  /** One more socket, which `leave` must follow. @throws busy, too_many */
  enter(address: string): Origin {
    if (this.#isStopping) throw this.#refusals.busy('stopping');
    this.requireMemory();
    if (this.#connections >= this.#caps.connections) throw this.#refusals.busy('connections');
    const origin = this.#origins.get(address) ?? { address, connections: 0 };
    if (origin.connections >= this.#caps.connectionsPerAddress)
      throw this.#refusals.tooMany('address', WAIT_MS);
    this.#connections++;
    origin.connections++;
    this.#origins.set(address, origin);
    return origin;
  }

  leave(origin: Origin): void {
    this.#connections--;
    origin.connections--;
    if (origin.connections === 0) this.#origins.delete(origin.address);
  }

  /** One more socket of a user, which `leaveAs` must follow. @throws too_many */
  enterAs(user: number): void {
    const connections = this.#users.get(user) ?? 0;
    if (connections >= this.#caps.connectionsPerUser) throw this.#refusals.tooMany('user', WAIT_MS);
    this.#users.set(user, connections + 1);
  }

  leaveAs(user: number): void {
    const connections = (this.#users.get(user) ?? 0) - 1;
    if (connections > 0) this.#users.set(user, connections);
    else this.#users.delete(user);
  }
}
