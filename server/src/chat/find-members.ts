import { LIMITS } from '@pokers/protocol/limits';
import type { Member, Store } from '../store/store.ts';

/** Members whose names are looked at before others get their turn. */
const AT_ONCE = 500;

/**
 * The members of a class whose names fit what someone types (`fitOf`), the best first, and of those the oldest first; one
 * more than a page at most. Who may see them is the caller's matter.
 */
export async function findMembers(store: Store, classroom: number, text: string): Promise<Member[]> {
  // The table of readings takes 8 MB: only where someone looks for names.
  const { FITS, fitOf, foldName } = await import('../search/name-match.ts');
  const typed = foldName(text);
  if (typed === '') return [];
  const fitting = FITS.map((): Member[] => []);
  for (let after = 0; ; ) {
    const members = await store.membersOf(classroom, { after, limit: AT_ONCE });
    for (const member of members) {
      const fit = fitOf(member.name, typed);
      if (fit) fitting[FITS.indexOf(fit)]?.push(member);
    }
    if (members.length < AT_ONCE) break;
    after = members.at(-1)?.id ?? after;
    await Bun.sleep(0);
  }
  return fitting.flat().slice(0, LIMITS.membersPage + 1);
}
