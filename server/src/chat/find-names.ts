import { LIMITS } from '@pokers/protocol/limits';
import {
  classNames,
  type NamedClass,
  type NamedPerson,
  type NamedThread,
  peopleNames,
  threadNames,
} from '../store/names.ts';
import { type Access, type Actor, requireScope } from './access.ts';

export interface FoundNames {
  readonly classes: readonly NamedClass[];
  readonly threads: readonly NamedThread[];
  readonly people: readonly NamedPerson[];
}

/** Names that are looked at before others get their turn. */
const AT_ONCE = 200;

/**
 * Classes and threads that the reader may see, and people in these classes, whose names fit what is typed (`fitOf`, or at
 * least its letters in their order): of each kind the best, at most `LIMITS.namesFound`; of equals the newest first.
 * @throws scope_missing
 */
export async function findNames({ store }: Access, reader: Actor, text: string): Promise<FoundNames> {
  requireScope(reader, 'read');
  // The table of readings takes 8 MB: only where someone looks for names.
  const { LOOSE_FITS, foldName, looseFitOf } = await import('../search/name-match.ts');
  const typed = foldName(text);

  async function best<T extends NamedClass>(
    list: (page: { after: number; limit: number }) => Promise<T[]>,
  ): Promise<T[]> {
    const fitting = LOOSE_FITS.map((): T[] => []);
    for (let after = 0; typed !== ''; ) {
      const named = await list({ after, limit: AT_ONCE });
      for (const one of named) {
        const fit = looseFitOf(one.name, typed);
        const some = fit && fitting[LOOSE_FITS.indexOf(fit)];
        some?.push(one);
        if (some && some.length > LIMITS.namesFound) some.shift();
      }
      if (named.length < AT_ONCE) break;
      after = named.at(-1)?.id ?? after;
      await Bun.sleep(0);
    }
    return fitting.flatMap((some) => some.toReversed()).slice(0, LIMITS.namesFound);
  }

  return {
    classes: await best((page) => classNames(store, reader.id, page)),
    threads: await best((page) => threadNames(store, reader.id, page)),
    people: await best((page) => peopleNames(store, reader.id, page)),
  };
}
