import { OUTBOX, windowMs } from '@pokers/server/hub/outbox';

/** A thread at one moment: how busy it is, and how many listen to it on each node that has a listener. */
export interface BusyThread {
  readonly postsPerSecond: number;
  readonly audiences: readonly number[];
}

/** What happens in a second, on all nodes together. */
export interface Traffic {
  readonly posts: number;
  readonly deliveries: number;
  /** Frames written to a socket: a delivery shares one with others where the outbox gathers. */
  readonly writes: number;
  /** Events that some node hears from the bus, the poster's own included. */
  readonly heard: number;
}

/**
 * What these threads cost the parts of a server, by the rules that the server follows: each node that has a listener
 * hears each post once, and gathers posts into frames as its outbox does.
 */
export function trafficOf(threads: Iterable<BusyThread>): Traffic {
  let [posts, deliveries, writes, heard] = [0, 0, 0, 0];
  for (const { postsPerSecond, audiences } of threads) {
    posts += postsPerSecond;
    heard += postsPerSecond * audiences.length;
    for (const audience of audiences) {
      deliveries += postsPerSecond * audience;
      writes += (postsPerSecond * audience) / postsPerFrame(postsPerSecond, audience);
    }
  }
  return { posts, deliveries, writes, heard };
}

/**
 * How many posts share a frame, on average, where they come at random moments. With `a` posts to a window, a frame is
 * followed by silence of a window with probability e^-a; the next post then goes alone, else those of the window together.
 */
export function postsPerFrame(postsPerSecond: number, audience: number): number {
  const window = windowMs(postsPerSecond * audience);
  if (window === 0) return 1;
  // Who waits is looked for once a tick: half of one on average comes on top.
  const posts = (postsPerSecond * (window + OUTBOX.tickMs / 2)) / 1_000;
  return posts + Math.exp(-posts);
}
