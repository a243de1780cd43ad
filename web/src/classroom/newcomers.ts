/** Notices who speaks in a class for the first time since the page was loaded: someone who may just have joined it. */
export interface Newcomers {
  heard(classId: number, speakers: Iterable<number>): void;
  /** These spoke before. */
  met(classId: number, speakers: Iterable<number>): void;
}

/** `onNew` is called once for all that are new among those who were heard together. */
export function createNewcomers(onNew: () => void): Newcomers {
  const known = new Map<number, Set<number>>();

  /** Answers whether any of them is new. */
  function learn(classId: number, speakers: Iterable<number>): boolean {
    const those = known.get(classId) ?? new Set();
    known.set(classId, those);
    const before = those.size;
    for (const speaker of speakers) those.add(speaker);
    return those.size > before;
  }

  return {
    heard(classId, speakers) {
      if (learn(classId, speakers)) onNew();
    },
    met: learn,
  };
}
