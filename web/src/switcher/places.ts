import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import type { NamesView } from '@pokers/protocol/search';

/** Where the switcher leads: to a class, to a thread of it, or to what someone said. */
export interface Place {
  readonly kind: 'thread' | 'class' | 'person';
  readonly id: number;
  readonly name: string;
  /** For a thread. */
  readonly classId?: number;
  /** The name of its class. */
  readonly within?: string;
}

/** Of each kind, at most. */
const SHOWN = 8;

/** What this page knows: classes, and the threads of those that were opened. It is shown before the server answers. */
export interface Known {
  readonly classes: readonly ClassView[];
  /** With the name of their class. */
  readonly threads: readonly (ThreadView & { readonly within: string })[];
}

/** The known places whose names fit; where nothing is typed, those of which something was heard last. */
export function knownPlaces({ classes, threads }: Known, typed: string): Place[] {
  const open = threads.filter(({ archived }) => typed !== '' || archived === undefined);
  const latest = [...open].sort((a, b) => (b.last ?? b.date) - (a.last ?? a.date));
  return [
    ...best(latest, typed).map(({ id, name, class: classId, within }) => ({
      kind: 'thread' as const,
      id,
      name,
      classId,
      within,
    })),
    ...best(classes, typed).map(({ id, name }) => ({ kind: 'class' as const, id, name })),
  ];
}

/** The places that the server found, in its order; it knows pinyin, people, and all threads. */
export function foundPlaces({ threads, classes, people }: NamesView): Place[] {
  return [
    ...threads.slice(0, SHOWN).map(({ id, name, class: classId, class_name: within }) => ({
      kind: 'thread' as const,
      id,
      name,
      classId,
      within,
    })),
    ...classes.slice(0, SHOWN).map(({ id, name }) => ({ kind: 'class' as const, id, name })),
    ...people
      .slice(0, SHOWN)
      .map(({ id, name, class_name: within }) => ({ kind: 'person' as const, id, name, within })),
  ];
}

function best<T extends { readonly name: string }>(items: readonly T[], typed: string): T[] {
  return items
    .map((item) => ({ item, rank: rankOf(item.name, typed) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
    .slice(0, SHOWN)
    .map(({ item }) => item);
}

/** 0: begins so; 1: has it; 2: has its letters in their order; undefined: has them not. */
function rankOf(name: string, typed: string): number | undefined {
  const [folded, wanted] = [name.toLowerCase(), typed.toLowerCase()];
  const at = folded.indexOf(wanted);
  if (at >= 0) return at === 0 ? 0 : 1;
  let from = 0;
  for (const letter of wanted.replaceAll(' ', '')) {
    const found = folded.indexOf(letter, from);
    if (found < 0) return undefined;
    from = found + letter.length;
  }
  return 2;
}
