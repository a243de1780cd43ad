import { createRoute, z } from '@hono/zod-openapi';
import { MessagesView, MessageView, PostMessageBody, toMessageView } from '@pokers/protocol/http';
import { LIMITS } from '@pokers/protocol/limits';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Chat } from '../../chat/chat.ts';
import { postMessage } from '../../chat/post-message.ts';
import { readHistory } from '../../chat/read-history.ts';
import { resume } from '../../chat/resume.ts';
import { PokersError } from '../../errors.ts';
import type { Pace } from '../../limits/pace.ts';
import { answered, IdParam, refused, wanted } from './answers.ts';
import type { HttpApp } from './http-app.ts';
import type { LongPolls } from './long-polls.ts';

const MessagesQuery = z.object({
  before: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('a message id: only older ones are answered'),
  from: z.coerce.number().int().positive().optional().describe('a message id: it and newer ones'),
  around: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('a message id: those before it, and it and those after it'),
  date: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('Unix seconds: around the first message of this time or later'),
  after: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('a seq: what changed since, in order of seq'),
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(LIMITS.waitSeconds)
    .optional()
    .describe('with `after`: seconds to wait for a change where there is none yet'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(LIMITS.historyPageMax)
    .optional()
    .describe(`default ${LIMITS.historyPageDefault}`),
});

const list = createRoute({
  method: 'get',
  path: '/api/threads/{id}/messages',
  summary: 'Messages of a thread: the newest, those before a message, or what changed after a seq',
  request: { params: IdParam, query: MessagesQuery },
  responses: { 200: answered('A page, oldest first', MessagesView), default: refused },
});

const post = createRoute({
  method: 'post',
  path: '/api/threads/{id}/messages',
  summary: 'Post a message. Its id is what a classic client then announces as mes_id',
  request: { params: IdParam, body: wanted(PostMessageBody) },
  responses: { 201: answered('The stored message', MessageView), default: refused },
});

export interface MessageRouteParts {
  readonly chat: Chat;
  readonly accounts: Accounts;
  readonly longPolls: LongPolls;
  readonly pace: Pace;
}

export function addMessageRoutes(app: HttpApp, { chat, accounts, longPolls, pace }: MessageRouteParts): void {
  app.openapi(list, async (c) => {
    const { id: thread } = c.req.valid('param');
    const { after, wait, limit, ...place } = c.req.valid('query');
    const user = c.get('actor');
    if (after !== undefined && Object.values(place).some((value) => value !== undefined))
      throw new PokersError('bad_request', 'give after, or one of before, from, around and date');
    if (wait !== undefined && after === undefined)
      throw new PokersError('bad_request', 'wait goes with after');
    if (wait && after !== undefined) {
      const { raw } = c.req;
      await longPolls.untilChanged(user, { thread, after, seconds: wait }, { ...c.env, signal: raw.signal });
      if (!(await accounts.sessionOf(raw.headers))) throw new PokersError('sign_in_required'); // it may have ended meanwhile
    }
    if (after !== undefined) {
      const { changes, more, seq } = await resume(chat, user, { thread, after, limit });
      return c.json({ messages: changes.map(toMessageView), more, seq }, 200);
    }
    const { messages, ...page } = await readHistory(chat, user, { thread, limit, ...place });
    return c.json({ messages: messages.map(toMessageView), ...page }, 200);
  });

  app.openapi(post, async (c) => {
    const { announce, nonce, ...body } = c.req.valid('json');
    const { id: thread } = c.req.valid('param');
    pace.post(c.get('user').id, thread);
    const message = await postMessage(chat, c.get('actor'), {
      thread,
      ...body,
      ...(nonce !== undefined && { nonce }),
      awaitsAnnounce: announce !== true,
    });
    return c.json(toMessageView(message), 201);
  });
}
