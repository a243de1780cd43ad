import { createRoute, z } from '@hono/zod-openapi';
import { ClassView, CreateInvitationBody, InvitationView, OfferView } from '@pokers/protocol/classes';
import { LIMITS } from '@pokers/protocol/limits';
import { acceptInvitation, readOffer } from '../../chat/accept-invitation.ts';
import { afterChange, inClass, mayReach } from '../../chat/access.ts';
import type { Chat } from '../../chat/chat.ts';
import { createInvitation, stateOf } from '../../chat/create-invitation.ts';
import { revokeInvitation } from '../../chat/revoke-invitation.ts';
import { type Invitation, invitationsOf } from '../../store/invitations.ts';
import { answered, BackwardQuery, IdParam, refused, wanted } from './answers.ts';
import { classView } from './classes.ts';
import type { HttpApp } from './http-app.ts';

const TokenParam = z.object({ token: z.string().max(64) });

const list = createRoute({
  method: 'get',
  path: '/api/classes/{id}/invitations',
  summary: 'Invitations to a class, the newest first',
  request: { params: IdParam, query: BackwardQuery },
  responses: {
    200: answered('Invitations', z.object({ invitations: z.array(InvitationView), more: z.boolean() })),
    default: refused,
  },
});

const create = createRoute({
  method: 'post',
  path: '/api/classes/{id}/invitations',
  summary: 'Make a link by which others get into a class',
  request: { params: IdParam, body: wanted(CreateInvitationBody) },
  responses: { 201: answered('The invitation', InvitationView), default: refused },
});

const revoke = createRoute({
  method: 'delete',
  path: '/api/invitations/{id}',
  summary: 'Take an invitation back',
  request: { params: IdParam },
  responses: { 200: answered('Revoked', z.object({})), default: refused },
});

const offer = createRoute({
  method: 'get',
  path: '/api/offers/{token}',
  summary: 'What an invitation offers',
  security: [],
  request: { params: TokenParam },
  responses: { 200: answered('The offer', OfferView), default: refused },
});

const accept = createRoute({
  method: 'post',
  path: '/api/offers/{token}',
  summary: 'Enter a class by an invitation',
  request: { params: TokenParam },
  responses: { 200: answered('The class', ClassView), default: refused },
});

export function addInvitationRoutes(app: HttpApp, chat: Chat): void {
  const { store } = chat;

  app.openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    const { role } = await inClass(chat, c.get('actor'), 'invite', id);
    const limit = LIMITS.membersPage;
    const found = await invitationsOf(store, id, { ...c.req.valid('query'), limit: limit + 1 });
    // A link to become what one may not make others is not for one's eyes.
    const invitations = found
      .slice(0, limit)
      .filter((invitation) => mayReach('invite', role, invitation.role))
      .map((invitation) => viewOf(chat, invitation));
    return c.json({ invitations, more: found.length > limit }, 200);
  });

  app.openapi(create, async (c) => {
    const { id } = c.req.valid('param');
    const made = await createInvitation(chat, c.get('actor'), id, c.req.valid('json'));
    return c.json(viewOf(chat, made), 201);
  });

  app.openapi(revoke, async (c) => {
    await revokeInvitation(chat, c.get('actor'), c.req.valid('param').id);
    return c.json({}, 200);
  });

  app.openapi(offer, async (c) => {
    const { classroom, role, name } = await readOffer(chat, c.req.valid('param').token);
    const { id, name: title, description } = classroom;
    const members = await store.countMembers(id);
    return c.json(
      { class: { id, name: title, description, members }, role, ...(name !== null && { name }) },
      200,
    );
  });

  app.openapi(accept, async (c) => {
    const { id } = await acceptInvitation(chat, c.get('actor'), c.req.valid('param').token);
    return c.json(await classView(chat, afterChange(c.get('actor')), id), 200);
  });
}

function viewOf({ now }: Chat, invitation: Invitation): InvitationView {
  const { id, token, role, creator, name, date, expires, uses, uses_max } = invitation;
  return {
    id,
    token,
    role,
    state: stateOf(invitation, now()),
    creator,
    date,
    uses,
    ...(name !== null && { name }),
    ...(expires !== null && { expires }),
    ...(uses_max !== null && { uses_max }),
  };
}
