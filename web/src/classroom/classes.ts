import type { ClassView, RequestedView } from '@pokers/protocol/classes';
import type { PokersClient } from '@pokers/sdk';
import type { InjectionKey } from 'vue';
import { createListing, type Listing } from '../listing.ts';
import { provided } from '../provided.ts';
import { createPulse } from '../pulse.ts';

/** Least milliseconds between two loads for the sake of what is said. */
const RECOUNT_MS = 5_000;

/** The classes that the reader is in. */
export interface Classes extends Listing<ClassView> {
  /** Their counts of members may be outdated: loads them soon, and seldom however often it is called. */
  recount(): void;
  find(id: number | undefined): ClassView | undefined;
  create(name: string): Promise<ClassView>;
  /** Where a teacher has to let the reader in first, the answer says that they were asked. */
  join(code: string): Promise<ClassView | RequestedView>;
}

export const classesKey: InjectionKey<Classes> = Symbol('classes');
export const useClasses = (): Classes => provided(classesKey);

export function createClasses(client: PokersClient): Classes {
  const listing = createListing(() => client.http.classes());
  const recounting = createPulse(RECOUNT_MS, () => void listing.load());

  /** The class at its place, or at the end where it is new. */
  function keep(entered: ClassView): ClassView {
    const others = listing.items.value ?? [];
    const known = others.some(({ id }) => id === entered.id);
    listing.items.value = known
      ? others.map((other) => (other.id === entered.id ? entered : other))
      : [...others, entered];
    return entered;
  }

  return {
    ...listing,
    recount: recounting.soon,
    find: (id) => listing.items.value?.find((classroom) => classroom.id === id),
    create: async (name) => keep(await client.http.createClass({ name })),
    async join(code) {
      const answer = await client.http.joinClass(code);
      return 'requested' in answer ? answer : keep(answer);
    },
  };
}
