import type { ServerChild } from '../children.ts';
import type { TextPing } from '../load/frame-socket.ts';

/** How a peer's server is started. */
export interface Place {
  /** A folder for whatever the peer needs, there from the first measurement to the last. */
  readonly scratch: string;
  /** How many threads members and posts are spread over, numbered from 0; one where it is not said. */
  readonly threads?: number;
  /** Arguments for Bun or Node before the program's own, such as `--cpu-prof`. */
  readonly bunFlags: readonly string[];
  /** Starts a program on the server's core, and waits until its stdout matches. @throws Error when it ends before */
  launch(command: readonly string[], ready: RegExp): Promise<ServerChild>;
}

/** Where the server is, and what a client needs to get in. It travels between processes as JSON. */
export interface Target {
  readonly port: number;
  readonly [detail: string]: unknown;
}

export interface RunningPeer<T extends Target = Target> {
  readonly target: T;
  readonly server: ServerChild;
  /** Other programs that it needs. What they take counts as the server's, and they are stopped after it. */
  readonly beside?: readonly ServerChild[];
}

/** Members get every post. Posters only post, on connections of their own, so that all peers deliver equally often. */
export type Role = 'member' | 'poster';

/** One step of getting in: say something, if anything, and wait for a frame that contains `until`. */
export interface Step {
  readonly say?: string;
  readonly until: string;
}

/** The upgrade request of a connection, and the steps after it. */
export interface Entrance {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  /** Where the protocol pings with text frames. */
  readonly textPing?: TextPing;
}

/**
 * A server to compare with. `start` runs where the measurement is led; `connect` and `post` run in the load generators
 * and must depend on nothing but their arguments. Whatever speaks text frames over WebSocket fits.
 */
export interface Peer<T extends Target = Target> {
  readonly name: string;
  /** What it is, for the table's legend. */
  readonly about: string;
  /** Why it cannot run on this machine, if it cannot. */
  missing?(): string | undefined;
  /** A fresh process, that ends with `server.stop()`. */
  start(place: Place): Promise<RunningPeer<T>>;
  /**
   * How the connection number `index` of this role gets in. Members listen to one thread; posters post to all, or, where
   * a connection can post to one only, to the one that is named.
   */
  connect(target: T, role: Role, index: number, thread?: number): Entrance;
  /** The frame that posts a text to a thread. The text reaches its members unchanged, wherever in a frame. */
  post(target: T, text: string, thread?: number): string;
}
