import { createRoute, z } from '@hono/zod-openapi';
import { toMessageView } from '@pokers/protocol/http';
import { LIMITS } from '@pokers/protocol/limits';
import { atMost } from '@pokers/protocol/schemas';
import { HAS, type HitView, NamesView, SearchView } from '@pokers/protocol/search';
import type { Chat } from '../../chat/chat.ts';
import { findNames } from '../../chat/find-names.ts';
import { searchMessages } from '../../chat/search-messages.ts';
import type { Pace } from '../../limits/pace.ts';
import type { Hit, SearchIndex } from '../../search/search-index.ts';
import { answered, IdParam, refused } from './answers.ts';
import type { HttpApp } from './http-app.ts';

const id = IdParam.shape.id.optional();
const seconds = z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).optional();

const SearchQuery = z.object({
  q: z
    .string()
    .refine(...atMost(LIMITS.searchChars))
    .optional()
    .describe('what is between blanks or quotes is a phrase, and a message has all of them'),
  class: id.describe('only in this class'),
  thread: id.describe('only in this thread'),
  from: id.describe('only what this user posted'),
  has: z.enum(HAS).optional().describe('only what has a link, an image or a file'),
  since: seconds.describe('posted from then on, Unix seconds'),
  until: seconds.describe('posted before then, Unix seconds'),
  before: id.describe('only older ones than this message: `next` of the page before'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(LIMITS.searchPageMax)
    .optional()
    .describe(`default ${LIMITS.searchPageDefault}`),
});

const search = createRoute({
  method: 'get',
  path: '/api/search',
  summary: 'Find messages in all classes of mine, the newest first',
  request: { query: SearchQuery },
  responses: { 200: answered('A page', SearchView), default: refused },
});

const names = createRoute({
  method: 'get',
  path: '/api/names',
  summary:
    'Find classes of mine, their threads and people by their names, written or in pinyin, the best first',
  request: {
    query: z.object({
      q: z
        .string()
        .refine(...atMost(LIMITS.searchChars))
        .describe(
          'a part of the name, the first letters of its syllables, or some letters of it in their order',
        ),
    }),
  },
  responses: { 200: answered('Those that fit', NamesView), default: refused },
});

export interface SearchRouteParts {
  readonly chat: Chat;
  readonly index: SearchIndex;
  readonly pace: Pace;
}

export function addSearchRoutes(app: HttpApp, { chat, index, pace }: SearchRouteParts): void {
  app.openapi(search, async (c) => {
    pace.search(c.get('user').id);
    const { q = '', limit = LIMITS.searchPageDefault, ...filters } = c.req.valid('query');
    const wanted = { ...filters, text: q, limit };
    const { hits, next, pending } = await searchMessages(chat, index, c.get('actor'), wanted);
    return c.json(
      {
        hits: hits.map(viewOf),
        more: next !== undefined,
        ...(next !== undefined && { next }),
        ...(pending > 0 && { pending }),
      },
      200,
    );
  });

  app.openapi(names, async (c) => {
    pace.search(c.get('user').id);
    const { classes, threads, people } = await findNames(chat, c.get('actor'), c.req.valid('query').q);
    return c.json({ classes: [...classes], threads: [...threads], people: [...people] }, 200);
  });
}

function viewOf({ message, className, threadName, ranges, fileNameRanges }: Hit): HitView {
  return {
    message: toMessageView(message),
    class_name: className,
    thread_name: threadName,
    ranges: ranges.map(([start, end]) => [start, end]),
    ...(fileNameRanges.length > 0 && {
      file_name_ranges: fileNameRanges.map(([start, end]) => [start, end] as [number, number]),
    }),
  };
}
