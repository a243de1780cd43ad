import { LIMITS } from '@pokers/protocol/limits';
import type { HttpApi } from '@pokers/sdk';
import type { Account } from '../account/account.ts';
import type { Classes } from '../classroom/classes.ts';
import { may } from '../classroom/may.ts';
import type { Acting } from '../message/acting.ts';
import type { Offer } from './help.ts';

/** Among mentions: everyone in the class. */
const EVERYONE = 0;

/** What may be a name, or begin with one. */
const CALLS = /@([^\s@]{1,30})/gu;

/** The people whom one may call in a message. */
export interface People {
  /** Those whose names fit, written or in pinyin; where nothing was typed yet, those who spoke last. */
  find(typed: string, most: number): Promise<Offer[]>;
  /** This one was chosen: from now on the name stands for the person. */
  called(offer: Offer): void;
  /**
   * Learns who is meant in a text that was written before: a draft, or a message, which mentions these already. Where
   * two have one name, those are meant. Rejects where there is no line.
   */
  recall(text: string, meant: readonly number[]): Promise<void>;
  /** Those whose names stand in a text behind an @. Undefined while it is being learnt who they are, or could not be. */
  mentions(text: string): number[] | undefined;
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
  let isLearning = false;
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
    return membersNamed(typed, asking.signal).catch(() => []);
  }

  async function membersNamed(typed: string, signal?: AbortSignal): Promise<Offer[]> {
    const members = await http.findMembers(classId, typed, signal);
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
    async recall(text, meant) {
      const begins = new Set([...text.matchAll(CALLS)].map(([, word = '']) => beginOf(word)));
      isLearning = begins.size > 0;
      for (const begin of [...begins].slice(0, LIMITS.mentionsPerMessage)) {
        const offers = [...all(begin), ...(await membersNamed(begin))];
        const rank = ({ person }: Offer): number => (person !== undefined && meant.includes(person) ? 0 : 1);
        for (const each of offers.sort((a, b) => rank(a) - rank(b)))
          if (text.includes(each.label) && !known.has(each.label)) called(each);
      }
      isLearning = false;
    },
    mentions(text) {
      if (isLearning) return undefined;
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

/** So much of it that few others begin so; Chinese writes on after a name, which may be one character. */
function beginOf(word: string): string {
  return [...word].slice(0, /^\p{sc=Han}/u.test(word) ? 1 : 2).join('');
}
