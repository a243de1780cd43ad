import type { BoxServer } from '../server.ts';

export interface Ears {
  /** Takes all that comes in, whatever it is. */
  readonly heard: (bytes: Buffer) => void;
  /** The member is out: its line broke, or the server refused something. */
  readonly lost: (why: string) => void;
}

/** Someone in the thread. */
export interface Member {
  post(text: string): void;
  /** At once and for good: the ears hear no more. */
  leave(): void;
}

/** A way in which people take part. */
export interface Way {
  readonly name: string;
  readonly title: string;
  /** What it is, in a line. */
  readonly about: string;
  /** Where the search for the most begins: members of a class, and posts a second in a busy thread. */
  readonly guess: { readonly members: number; readonly postsPerSecond: number };
  /** Resolves when the member is in. @throws Error when it does not get in */
  join(server: BoxServer, index: number, ears: Ears): Promise<Member>;
}
