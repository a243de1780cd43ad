import type { Database } from 'bun:sqlite';
import { findPhrases, type Phrase } from '@pokers/server/search/phrases';
import { tokensOf } from '@pokers/server/search/tokens';

/** Letters with which an open word is looked for at least. */
const OPEN_CHARS = 2;

/**
 * What matches, by a look at every message: the ids for each query, the newest first. Each message is cut into tokens once;
 * only the queries one of whose first tokens is among them are compared with it.
 */
export function matchesOf(db: Database, queries: readonly (readonly Phrase[])[]): Set<number>[] {
  const found = queries.map(() => new Set<number>());
  const byFirst = new Map<string, number[]>();
  for (const [index, [phrase]] of queries.entries()) {
    const [first = ''] = phrase?.tokens ?? [];
    const isBeginning = phrase?.isOpen && phrase.tokens.length === 1;
    const key = isBeginning ? `${first.slice(0, OPEN_CHARS)}…` : first;
    byFirst.set(key, [...(byFirst.get(key) ?? []), index]);
  }
  const rows = db
    .query<{ id: number; content: string }, []>('select id, content from messages order by id desc')
    .iterate();
  for (const { id, content } of rows) {
    const keys = new Set<string>();
    for (const { text } of tokensOf(content)) keys.add(text).add(`${text.slice(0, OPEN_CHARS)}…`);
    for (const key of keys) {
      for (const index of byFirst.get(key) ?? []) {
        if (findPhrases([content], queries[index] ?? [])) found[index]?.add(id);
      }
    }
  }
  return found;
}
