import { createRoute, z } from '@hono/zod-openapi';
import {
  BanView,
  ChangeMemberBody,
  DecideRequestBody,
  MemberView,
  RequestView,
} from '@pokers/protocol/classes';
import { LIMITS } from '@pokers/protocol/limits';
import { isTeacher } from '@pokers/protocol/rights';
import { atMost } from '@pokers/protocol/schemas';
import { afterChange, inClass } from '../../chat/access.ts';
import { changeRole } from '../../chat/change-role.ts';
import type { Chat } from '../../chat/chat.ts';
import { decideRequest } from '../../chat/decide-request.ts';
import { findMembers } from '../../chat/find-members.ts';
import { nameOf } from '../../chat/member-change.ts';
import { muteMember } from '../../chat/mute-member.ts';
import { banMember, liftBan, takeOut } from '../../chat/remove-member.ts';
import { PokersError } from '../../errors.ts';
import type { Pace } from '../../limits/pace.ts';
import { bystandersOf, emailsOf, membersAmong } from '../../store/members.ts';
import type { Member, Store } from '../../store/store.ts';
import { answered, IdParam, PageQuery, refused, wanted } from './answers.ts';
import type { HttpApp } from './http-app.ts';

const MemberParams = IdParam.extend({ user: IdParam.shape.id });

const ListQuery = PageQuery.extend({
  q: z
    .string()
    .refine(...atMost(LIMITS.userNameChars))
    .optional()
    .describe('instead of `after`: those whose names fit this, written or in pinyin, the best first'),
  ids: z
    .string()
    .regex(/^[1-9]\d{0,15}(?:,[1-9]\d{0,15})*$/)
    .transform((text) => text.split(',').map(Number))
    .refine((ids) => ids.length <= LIMITS.membersPage && ids.every(Number.isSafeInteger))
    .optional()
    .describe(`instead of \`after\`: those of these, at most ${LIMITS.membersPage}, with commas between`),
});

const list = createRoute({
  method: 'get',
  path: '/api/classes/{id}/members',
  summary: `Who is in a class of mine, in order of their ids, ${LIMITS.membersPage} on a page; or those whose names fit, or those of some ids`,
  request: { params: IdParam, query: ListQuery },
  responses: {
    200: answered('Members', z.object({ members: z.array(MemberView), more: z.boolean() })),
    default: refused,
  },
});

const change = createRoute({
  method: 'patch',
  path: '/api/classes/{id}/members/{user}',
  summary: 'Give a member another role, or mute them for a time',
  request: { params: MemberParams, body: wanted(ChangeMemberBody) },
  responses: { 200: answered('The member', MemberView), default: refused },
});

const remove = createRoute({
  method: 'delete',
  path: '/api/classes/{id}/members/{user}',
  summary: 'Take a member out of a class',
  request: { params: MemberParams },
  responses: { 200: answered('Removed', z.object({})), default: refused },
});

const bans = createRoute({
  method: 'get',
  path: '/api/classes/{id}/bans',
  summary: 'Who was banned from a class',
  request: { params: IdParam, query: PageQuery },
  responses: {
    200: answered('Banned', z.object({ bans: z.array(BanView), more: z.boolean() })),
    default: refused,
  },
});

const ban = createRoute({
  method: 'put',
  path: '/api/classes/{id}/bans/{user}',
  summary: 'Take someone out of a class for good',
  request: { params: MemberParams },
  responses: { 200: answered('Banned', z.object({})), default: refused },
});

const lift = createRoute({
  method: 'delete',
  path: '/api/classes/{id}/bans/{user}',
  summary: 'Lift a ban: they can join again',
  request: { params: MemberParams },
  responses: { 200: answered('Lifted', z.object({})), default: refused },
});

const requests = createRoute({
  method: 'get',
  path: '/api/classes/{id}/requests',
  summary: 'Who asks to be let in',
  request: { params: IdParam, query: PageQuery },
  responses: {
    200: answered('Requests', z.object({ requests: z.array(RequestView), more: z.boolean() })),
    default: refused,
  },
});

const decide = createRoute({
  method: 'post',
  path: '/api/classes/{id}/requests/{user}',
  summary: 'Let someone in who asks, or not',
  request: { params: MemberParams, body: wanted(DecideRequestBody) },
  responses: { 200: answered('Decided', z.object({})), default: refused },
});

export function addMemberRoutes(app: HttpApp, chat: Chat, pace: Pace): void {
  const { store } = chat;

  app.openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    const { role } = await inClass(chat, c.get('actor'), 'see_members', id);
    const { q, ids, ...after } = c.req.valid('query');
    if (q !== undefined) pace.search(c.get('user').id);
    const { items, more } = page(await membersWanted(store, id, { q, ids, after }));
    const emails = isTeacher(role)
      ? await emailsOf(
          store,
          items.map((member) => member.id),
        )
      : undefined;
    return c.json(
      { members: items.map((member) => viewOf(chat, member, emails?.get(member.id))), more },
      200,
    );
  });

  app.openapi(change, async (c) => {
    const { id: classroom, user } = c.req.valid('param');
    const { role, muted_for } = c.req.valid('json');
    const actor = c.get('actor');
    if (role !== undefined) await changeRole(chat, actor, { classroom, user, role });
    if (muted_for !== undefined) await muteMember(chat, actor, { classroom, user, seconds: muted_for });
    await inClass(chat, afterChange(actor), 'see_members', classroom);
    const [membership, person] = await Promise.all([store.membership(user, classroom), nameOf(store, user)]);
    if (!membership || !person) throw new PokersError('member_not_found');
    return c.json(viewOf(chat, { ...person, ...membership }), 200);
  });

  app.openapi(remove, async (c) => {
    const { id: classroom, user } = c.req.valid('param');
    await takeOut(chat, c.get('actor'), { classroom, user });
    return c.json({}, 200);
  });

  app.openapi(bans, async (c) => {
    const { id } = c.req.valid('param');
    await inClass(chat, c.get('actor'), 'ban_member', id);
    const { items, more } = page(await bystandersOf(store, 'bans', id, beyond(c.req.valid('query'))));
    return c.json({ bans: items, more }, 200);
  });

  app.openapi(ban, async (c) => {
    const { id: classroom, user } = c.req.valid('param');
    await banMember(chat, c.get('actor'), { classroom, user });
    return c.json({}, 200);
  });

  app.openapi(lift, async (c) => {
    const { id: classroom, user } = c.req.valid('param');
    await liftBan(chat, c.get('actor'), { classroom, user });
    return c.json({}, 200);
  });

  app.openapi(requests, async (c) => {
    const { id } = c.req.valid('param');
    await inClass(chat, c.get('actor'), 'decide_request', id);
    const { items, more } = page(await bystandersOf(store, 'requests', id, beyond(c.req.valid('query'))));
    return c.json({ requests: items, more }, 200);
  });

  app.openapi(decide, async (c) => {
    const { id: classroom, user: id } = c.req.valid('param');
    await inClass(chat, c.get('actor'), 'decide_request', classroom);
    const user = await nameOf(store, id);
    if (!user) throw new PokersError('request_not_found');
    await decideRequest(chat, c.get('actor'), { classroom, user, ...c.req.valid('json') });
    return c.json({}, 200);
  });
}

function membersWanted(
  store: Store,
  classroom: number,
  { q, ids, after }: Omit<z.infer<typeof ListQuery>, 'after'> & { after: z.infer<typeof PageQuery> },
): Promise<Member[]> {
  if (q !== undefined) return findMembers(store, classroom, q);
  return ids ? membersAmong(store, classroom, ids) : store.membersOf(classroom, beyond(after));
}

function viewOf({ now }: Chat, { id, name, role, muted_until }: Member, email?: string): MemberView {
  return {
    id,
    name,
    role,
    ...(muted_until !== null && muted_until > now() && { muted_until }),
    ...(email !== undefined && { email }),
  };
}

/** One more than a page, so that it can be told whether there are more. */
function beyond({ after = 0 }: { after?: number | undefined }): { after: number; limit: number } {
  return { after, limit: LIMITS.membersPage + 1 };
}

function page<Item>(found: readonly Item[]): { items: Item[]; more: boolean } {
  return { items: found.slice(0, LIMITS.membersPage), more: found.length > LIMITS.membersPage };
}
