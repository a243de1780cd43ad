import type { Has } from '@pokers/protocol/search';
import { phrasesOf } from '../search/phrases.ts';
import type { IndexPage, SearchIndex } from '../search/search-index.ts';
import { classIdsOf } from '../store/members.ts';
import { type Access, type Actor, inClass, inThread, requireScope } from './access.ts';

export interface Search {
  readonly text: string;
  readonly class?: number | undefined;
  readonly thread?: number | undefined;
  readonly from?: number | undefined;
  readonly has?: Has | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

const NOTHING: IndexPage = { hits: [], next: undefined, pending: 0 };

/**
 * Looks for messages in all that the reader may see, or in one class or thread of it. Without a word to look for, and
 * neither whom it is from nor what it has, nothing is found.
 * @throws class_not_found, thread_not_found, scope_missing, busy
 */
export async function searchMessages(
  access: Access,
  index: SearchIndex,
  reader: Actor,
  { text, ...search }: Search,
): Promise<IndexPage> {
  const classes = await classesToSearch(access, reader, search);
  const phrases = phrasesOf(text);
  const isAsked = phrases.length > 0 || search.from !== undefined || search.has !== undefined;
  if (!isAsked || classes.length === 0) return NOTHING;
  return index.find({ ...search, phrases, classes });
}

async function classesToSearch(
  access: Access,
  reader: Actor,
  search: Pick<Search, 'class' | 'thread'>,
): Promise<readonly number[]> {
  requireScope(reader, 'read');
  if (search.class !== undefined) await inClass(access, reader, 'see_class', search.class);
  if (search.thread !== undefined) {
    const { thread } = await inThread(access, reader, 'see_class', search.thread);
    return search.class === undefined || search.class === thread.class ? [thread.class] : [];
  }
  return search.class === undefined ? classIdsOf(access.store, reader.id) : [search.class];
}
