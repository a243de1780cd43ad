import { LIMITS } from '@pokers/protocol/limits';
import type { HttpApi } from '@pokers/sdk';
import type { Account } from '../account/account.ts';
import type { Classes } from '../classroom/classes.ts';
import { may } from '../classroom/may.ts';
import type { Acting } from '../message/acting.ts';
import type { Offer } from './help.ts';

/** Among mentions: everyone in the class. */
const EVERYONE = 0;

/** The people whom one may call in a message. */
export interface People {
  /** Those whose names fit, written or in pinyin; where nothing was typed yet, those who spoke last. */
  find(typed: string, most: number): Promise<Offer[]>;
  /** This one was chosen: from now on the name stands for the person. */
  called(offer: Offer): void;
  /** Those whose names stand in a text behind an @. */
  mentions(text: string): number[];
}

export function createPeople(
  http: HttpApi,
  { classId, messages }: Acting,
  classes: Classes,
  { user }: Account,
  everyone: () => string,
): People {
  /** By what was put into the text. */
  const known = new Map<string, number>();
  let asking: AbortController | undefined;

  const offer = (person: number, name: string): Offer => ({
    key: `person ${person}`,
    text: `@${name} `,
    label: `@${name}`,
    person,
  });

  function lastSpeakers(): Offer[] {
    const names = new Map<number, string>();
    for (const { speaker, name } of [...messages.value].reverse())
      if (speaker !== user.value?.id && name !== '') names.set(speaker, names.get(speaker) ?? name);
    return [...names].map(([id, name]) => offer(id, name));
  }

  async function found(typed: string): Promise<Offer[]> {
    asking?.abort();
    asking = new AbortController();
    const members = await http.findMembers(classId, typed, asking.signal).catch(() => []);
    return members.filter(({ id }) => id !== user.value?.id).map(({ id, name }) => offer(id, name));
  }

  function all(typed: string): Offer[] {
    const classroom = classes.find(classId);
    if (!classroom || !may('mention_all', classroom)) return [];
    const word = everyone();
    return word.startsWith(typed.toLowerCase()) ? [offer(EVERYONE, word)] : [];
  }

  function called({ text, person }: Offer): void {
    if (person !== undefined) known.set(text.trim(), person);
  }

  return {
    async find(typed, most) {
      const offers = typed === '' ? lastSpeakers() : await found(typed);
      // Whoever writes a name out means it as well as who chooses it.
      for (const each of offers) if (each.label === `@${typed}`) called(each);
      return [...all(typed), ...offers].slice(0, most);
    },
    called,
    mentions(text) {
      const people = new Set<number>();
      let rest = text;
      // The longest first: who calls @Lily does not call @Li.
      for (const [name, person] of [...known].sort(([a], [b]) => b.length - a.length)) {
        if (rest.includes(name)) people.add(person);
        rest = rest.split(name).join(' ');
      }
      return [...people].slice(0, LIMITS.mentionsPerMessage);
    },
  };
}
