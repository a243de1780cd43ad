import type { ChatMessage } from '@pokers/sdk';
import { type ShallowRef, shallowRef } from 'vue';

/** So many are told apart; the bubble need not count further. */
const MOST_ARRIVALS = 999;

/** What somebody else posted while the thread was open. The words are missing where it is not loaded. */
export interface Arrival {
  readonly id: number;
  readonly name?: string;
  readonly content?: string;
}

type Heard = Pick<ChatMessage, 'id' | 'speaker'> & Partial<ChatMessage>;

/** What arrived since it was last seen. */
export interface Arrivals {
  readonly list: Readonly<ShallowRef<readonly Arrival[]>>;
  /** The newest message that is there already: it and older ones are no arrivals. */
  know(newest: number): void;
  /** These are new or changed. */
  hear(messages: readonly Heard[]): void;
  see(): void;
}

/** `me` is the reader: what she posts, on whatever device, is not news to her. */
export function createArrivals(me: number): Arrivals {
  const list = shallowRef<readonly Arrival[]>([]);
  let newest = 0;

  return {
    list,
    know(id) {
      newest = Math.max(newest, id);
    },
    hear(messages) {
      const deleted = new Set(messages.filter((message) => message.deleted).map(({ id }) => id));
      const came = messages.filter(({ id, speaker }) => id > newest && speaker !== me && !deleted.has(id));
      newest = Math.max(newest, ...messages.map(({ id }) => id));
      const kept = deleted.size > 0 ? list.value.filter(({ id }) => !deleted.has(id)) : list.value;
      if (came.length > 0 || kept !== list.value) list.value = [...kept, ...came].slice(-MOST_ARRIVALS);
    },
    see() {
      if (list.value.length > 0) list.value = [];
    },
  };
}
