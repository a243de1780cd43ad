import { computed, type Ref, ref } from 'vue';
import { createPulse } from '../pulse.ts';

/** Drafts that the browser keeps of one reader; beyond them, the one that was touched longest ago is let go. */
const MOST_DRAFTS = 50;

/** A longer one could not be sent; it stays in the page, and is not kept over a reload. In UTF-16 units. */
const LONGEST_DRAFT = 20_000;

/** Least milliseconds between two writes while someone types. */
const WRITE_MS = 300;

/** What stands in the text boxes of the reader's threads. It outlives the page, unless the browser stores nothing. */
export interface Drafts {
  /** What is put into it is kept. */
  of(thread: number): Ref<string>;
  /** Whether any thread has one. */
  any(): boolean;
  /** The reader signs out: the next at this browser finds none of them. */
  forget(): void;
}

type Kept = readonly (readonly [thread: number, text: string])[];

/** `me` is the reader. */
export function createDrafts(me: number, page: Window): Drafts {
  const key = `pokers.drafts.${me}`;
  const drafts = new Map<number, Ref<string>>();
  const touched = new Set<number>();
  const writing = createPulse(WRITE_MS, write);
  page.addEventListener('pagehide', writing.now);

  /** Other pages of the reader write here as well, so only what was touched on this one is changed. */
  function write(): void {
    if (touched.size === 0) return;
    const others = readKept(key).filter(([thread]) => !touched.has(thread));
    const own = [...touched].flatMap((thread) => {
      const text = drafts.get(thread)?.value ?? '';
      return text === '' || text.length > LONGEST_DRAFT ? [] : [[thread, text] as const];
    });
    touched.clear();
    store(key, [...others, ...own].slice(-MOST_DRAFTS));
  }

  return {
    of(thread) {
      const known = drafts.get(thread);
      if (known) return known;
      const text = ref(readKept(key).find(([kept]) => kept === thread)?.[1] ?? '');
      const draft = computed({
        get: () => text.value,
        set(next) {
          text.value = next;
          touched.delete(thread);
          touched.add(thread);
          // What was sent must not come back, however soon the page goes.
          if (next === '') writing.now();
          else writing.soon();
        },
      });
      drafts.set(thread, draft);
      return draft;
    },
    any: () => readKept(key).length > 0,
    forget() {
      writing.cancel();
      touched.clear();
      drafts.clear();
      store(key, []);
    },
  };
}

/** What another version wrote, or nobody, is no draft. */
function readKept(key: string): Kept {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isDraft) : [];
  } catch {
    return [];
  }
}

function isDraft(value: unknown): value is Kept[number] {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'string';
}

function store(key: string, drafts: Kept): void {
  try {
    if (drafts.length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(drafts));
  } catch {
    // A full disk, or a browser that stores nothing: the drafts live as long as the page.
  }
}
