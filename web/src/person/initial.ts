/** How many tints tokens.css has. */
const TINTS = 8;

/** The first letter or character of a name, for a person or class that has no picture. */
export function initialOf(name: string): string {
  const [first = '?'] = name.trim();
  return first.toLocaleUpperCase();
}

/** One of the tints, always the same for the same id; the step spreads neighbours apart. */
export function tintOf(id: number): number {
  return (id * 5) % TINTS;
}
