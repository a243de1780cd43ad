import type { BusyThread } from './traffic.ts';

/** Who is connected, and what they do. */
export interface World {
  /** Connections at a moment. */
  readonly connected: number;
  /** Of one class, on average, and at most. Sizes are spread as wealth is: many small ones, few large. */
  readonly classSize: number;
  readonly classSizeMax: number;
  /** Threads of a class. Most people are in the first, half as many in the second … */
  readonly threads: number;
  readonly postsPerMinute: number;
  /** 0 to 1: how many of a class are on one node, chosen by its class; the others are on any. */
  readonly together: number;
  readonly nodes: number;
}

/** Connections that are drawn; a larger world is this many, taken several times. Classes do not know of each other. */
const SAMPLE = 200_000;

/** How unlike the sizes of classes are: of a lognormal distribution. */
const SIGMA = 0.8;

export interface Drawn {
  readonly threads: readonly BusyThread[];
  /** How many times the drawn ones make the whole world. */
  readonly times: number;
}

/** Classes at random, everyone on a node at random. The same seed draws the same. */
export function draw(world: World, seed = 1): Drawn {
  const random = randomBy(seed);
  const wanted = Math.min(SAMPLE, world.connected);
  const threads: BusyThread[] = [];
  let connected = 0;
  while (connected < wanted) {
    const size = Math.min(sizeOfClass(world, random), wanted - connected);
    connected += size;
    threads.push(...threadsOf(size, world, random));
  }
  return { threads, times: world.connected / connected };
}

function threadsOf(size: number, world: World, random: () => number): BusyThread[] {
  const { threads, postsPerMinute, together, nodes } = world;
  const home = Math.floor(random() * nodes);
  const places = Array.from({ length: threads }, () => new Map<number, number>());
  for (let member = 0; member < size; member++) {
    const place = places[threadAt(random(), threads)];
    const node = random() < together ? home : Math.floor(random() * nodes);
    place?.set(node, (place.get(node) ?? 0) + 1);
  }
  return places
    .filter((place) => place.size > 0)
    .map((place) => {
      const audiences = [...place.values()];
      const members = audiences.reduce((sum, audience) => sum + audience, 0);
      return { audiences, postsPerSecond: (members * postsPerMinute) / 60 };
    });
}

/** The first with twice the chance of the second, three times that of the third … */
function threadAt(chance: number, threads: number): number {
  let total = 0;
  for (let thread = 1; thread <= threads; thread++) total += 1 / thread;
  let rest = chance * total;
  for (let thread = 1; thread < threads; thread++) {
    rest -= 1 / thread;
    if (rest < 0) return thread - 1;
  }
  return threads - 1;
}

/** Lognormal with the wanted mean; the normal deviate by Box and Muller. */
function sizeOfClass({ classSize, classSizeMax }: World, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const size = Math.exp(Math.log(classSize) - SIGMA ** 2 / 2 + SIGMA * normal);
  return Math.max(1, Math.min(classSizeMax, Math.round(size)));
}

/** Numbers from 0 to 1 that look like chance and are the same each time (mulberry32). */
export function randomBy(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
