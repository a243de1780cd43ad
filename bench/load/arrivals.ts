/** Any number will do, so long as all peers and generators use the same. */
const SEED = 0x70_6f_6b_65;

/**
 * When posts come, in ms from the start: as people write, independently of each other (a Poisson process), and not in
 * step with any timer of a server. The same for everyone who asks for the same.
 */
export function arrivals(count: number, seconds: number): number[] {
  const random = mulberry32(SEED);
  return Array.from({ length: count }, () => random() * seconds * 1000).sort((a, b) => a - b);
}

/** Tommy Ettinger's small generator: Math.random cannot be seeded. Numbers from 0 up to, but not, 1. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
