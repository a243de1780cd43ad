/** How much further each try goes than the one before, until one holds and one does not. */
const STEP = 1.35;

/** How often the gap between them is then halved: what is found is within 4 % of the edge. */
const HALVINGS = 3;

/** What is below is not tried; and so many tries are made at most. */
const LEAST = 4;
const TRIES_MAX = 14;

/**
 * The largest size that holds; undefined where not even the least does. It begins with a guess: a good one saves time, a
 * bad one does no harm.
 */
export async function largest(
  guess: number,
  holds: (size: number) => Promise<boolean>,
): Promise<number | undefined> {
  let held: number | undefined;
  let failed: number | undefined;
  let halvings = 0;
  let size = guess;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    if (await holds(size)) held = size;
    else failed = size;
    if (failed === undefined) {
      size = Math.ceil(size * STEP);
    } else if (held === undefined) {
      if (size <= LEAST) return undefined;
      size = Math.max(LEAST, Math.floor(size / STEP));
    } else {
      size = Math.round(Math.sqrt(held * failed));
      if (halvings++ === HALVINGS || size === held || size === failed) return held;
    }
  }
  return held;
}
