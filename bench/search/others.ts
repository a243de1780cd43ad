import { Database } from 'bun:sqlite';
import { phrasesOf } from '@pokers/server/search/phrases';
import type { Chance } from '../../test/reliability/chance.ts';
import { matchesOf } from './every-message.ts';
import type { Options } from './options.ts';
import { queryKinds } from './queries.ts';

/** What FTS5 brings along. */
const TOKENIZERS = ['unicode61', 'porter unicode61', 'trigram'] as const;

export interface OthersResult {
  readonly query: string;
  /** By tokenizer, the part of the matches that it finds. */
  readonly recall: Readonly<Record<(typeof TOKENIZERS)[number], number>>;
}

/** What FTS5's own tokenizers find of the newest messages, asked with phrases whose last word is open. */
export function measureOthers(
  reader: Database,
  chance: Chance,
  { checked, compared }: Options,
): OthersResult[] {
  const db = new Database(':memory:');
  db.run('create table messages (id integer primary key, content text)');
  const insert = db.query('insert into messages values (?, ?)');
  const newest = reader.query<{ id: number; content: string }, [number]>(
    'select id, content from messages order by id desc limit ?',
  );
  for (const { id, content } of newest.all(compared)) insert.run(id, content);
  for (const [index, tokenizer] of TOKENIZERS.entries()) {
    db.run(
      `create virtual table words${index} using fts5 (content, content = messages, content_rowid = id, tokenize = '${tokenizer}')`,
    );
    db.run(`insert into words${index} (words${index}) values ('rebuild')`);
  }
  const results = queryKinds(chance).map(({ name, make }): OthersResult => {
    const texts = Array.from({ length: checked }, make);
    const expected = matchesOf(db, texts.map(phrasesOf));
    const total = expected.reduce((sum, { size }) => sum + size, 0);
    const recall = (index: number): number => {
      const find = db.query<{ id: number }, [string]>(
        `select rowid as id from words${index} where words${index} match ?`,
      );
      const found = texts.map((text, at) => {
        const ids = new Set(find.all(ftsQuery(text)).map(({ id }) => id));
        return (expected[at] ?? new Set()).intersection(ids).size;
      });
      return found.reduce((sum, count) => sum + count, 0) / total;
    };
    return {
      query: name,
      recall: { unicode61: recall(0), 'porter unicode61': recall(1), trigram: recall(2) },
    };
  });
  db.close();
  return results;
}

function ftsQuery(text: string): string {
  const parts = text
    .trim()
    .split(' ')
    .map((part) => `"${part}"`);
  return `${parts.join(' AND ')}${text.endsWith(' ') ? '' : ' *'}`;
}
