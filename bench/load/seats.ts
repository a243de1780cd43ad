/** The fewest posters of all generators together. */
const POSTERS_MIN = 8;

/** The thread that a member listens to: they sit side by side, so that each generator has some of every thread. */
export function threadOfMember(member: number, members: number, threads: number): number {
  return Math.floor((member * threads) / members);
}

/** The thread that a post goes to. */
export function threadOfPost(index: number, threads: number): number {
  return index % threads;
}

/** Posters of one of `of` generators: as many for every thread, each of which posts to thread `poster % threads`. */
export function postersOf(threads: number, of: number): number {
  return threads * Math.ceil(POSTERS_MIN / of / threads);
}
