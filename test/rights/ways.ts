import { TUS } from '@pokers/protocol/files';
import type { CommandName, Obstacle } from '@pokers/protocol/rights';
import type { Scene } from './town.ts';

/** A way to give a command over HTTP. */
export interface Way {
  /** Method and path, as in the API's document. */
  readonly route: string;
  readonly query?: (scene: Scene) => string;
  /** It is of the account too, and so for no token at all. */
  readonly isForSessions?: boolean;
  /** Only where this is so, which is in the way elsewhere: it is refused without it. */
  readonly only?: Obstacle;
  /** To whom something is done; what `{user}` in the path is. */
  readonly user?: 'target' | 'asking' | 'banned';
  /** Which file `{id}` is, where it is one; else the message's. */
  readonly file?: 'upload';
  readonly headers?: Record<string, string>;
  /** JSON, or text as it is. */
  readonly body?: object | ((scene: Scene, obstacle: Obstacle | undefined) => object | string);
  /** What is so afterwards, and was not before: see `Town.holds`. Without, nothing is changed. */
  readonly effect?: string | ((obstacle: Obstacle | undefined) => string);
}

const isGone = (who: 'actor' | 'target'): string =>
  `(select 1) x on not exists (select 1 from members where class_id = s.class and user_id = s.${who})`;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]).toString('base64');
const inThread = (condition: string): string => `threads x on x.id = s.thread and ${condition}`;
const inClass = (condition: string): string => `classes x on x.id = s.class and ${condition}`;
const ofTarget = (condition: string): string =>
  `members x on x.class_id = s.class and x.user_id = s.target and ${condition}`;

/** What the commands of messages leave, on whichever door they are given. */
export const EFFECTS = {
  mark_read: 'reads x on x.thread = s.thread and x.user_id = s.actor',
  post: `messages x on x.thread = s.thread and x.speaker = s.actor and x.content = 'hi'`,
  mention_all: `messages x on x.thread = s.thread and x.speaker = s.actor and x.mentions = '[0]'`,
  star_message: 'starred x on x.message = s.message and x.user_id = s.actor',
  edit_message: `messages x on x.id = s.message and x.content = 'other' and x.edited is not null`,
  delete_message: `messages x on x.id = s.message and x.deleted is not null`,
  react: `messages x on x.id = s.message and x.reactions like '%👍%'`,
  pin_message: `messages x on x.id = s.message and x.pinned is not null`,
} satisfies Partial<Record<CommandName, string>>;

/** How each command is given over HTTP: all routes that there are for it. */
export const WAYS: Record<CommandName, readonly Way[]> = {
  see_class: [
    { route: 'GET /api/classes/{id}' },
    { route: 'GET /api/classes/{id}/picture' },
    { route: 'GET /api/classes/{id}/threads' },
    { route: 'GET /api/threads/{id}' },
    { route: 'GET /api/messages/{id}/reactions' },
    { route: 'GET /api/files/{id}' },
    { route: 'GET /files/{id}/{name}' },
    { route: 'GET /api/limits', query: ({ classroom }) => `class=${classroom}` },
    { route: 'GET /api/threads/{id}/messages' },
    { route: 'GET /api/threads/{id}/messages', query: () => 'after=0' },
    { route: 'GET /api/threads/{id}/files' },
    { route: 'GET /api/threads/{id}/messages', query: ({ message }) => `around=${message}` },
    { route: 'GET /api/threads/{id}/pins' },
    { route: 'GET /api/messages/{id}' },
    { route: 'GET /api/search', query: ({ classroom }) => `q=hello&class=${classroom}` },
    { route: 'GET /api/search', query: ({ thread }) => `q=hello&thread=${thread}` },
    {
      route: 'PUT /api/me/notifications/classes/{id}',
      isForSessions: true,
      body: { level: 'none' },
      effect: 'notify_levels x on x.class_id = s.class and x.user_id = s.actor and x.thread_id = 0',
    },
    {
      route: 'PUT /api/me/notifications/threads/{id}',
      isForSessions: true,
      body: { level: 'none' },
      effect: 'notify_levels x on x.thread_id = s.thread and x.user_id = s.actor',
    },
  ],
  see_members: [{ route: 'GET /api/classes/{id}/members' }, { route: 'GET /api/classes/{id}/presence' }],
  listen: [{ route: 'GET /api/threads/{id}/messages', query: () => 'after=0&wait=1' }],
  mark_read: [
    { route: 'POST /api/threads/{id}/read', body: ({ message }) => ({ message }), effect: EFFECTS.mark_read },
  ],
  post: [{ route: 'POST /api/threads/{id}/messages', body: { content: 'hi' }, effect: EFFECTS.post }],
  upload_file: [
    {
      route: 'POST /api/classes/{id}/files',
      body: { name: 'new.txt', size: 3 },
      effect: `files x on x.class_id = s.class and x.uploader = s.actor and x.name = 'new.txt'`,
    },
    {
      route: 'PATCH /api/files/{id}',
      file: 'upload',
      headers: { 'content-type': TUS.pieceType, [TUS.offsetHeader]: '0' },
      body: () => 'abc',
      effect: 'files x on x.id = s.upload and x.done is not null',
    },
  ],
  mention_all: [
    {
      route: 'POST /api/threads/{id}/messages',
      body: { content: 'hi', mentions: [0] },
      effect: EFFECTS.mention_all,
    },
  ],
  announce: [],
  edit_message: [
    { route: 'PATCH /api/messages/{id}', body: { content: 'other' }, effect: EFFECTS.edit_message },
  ],
  delete_message: [{ route: 'DELETE /api/messages/{id}', effect: EFFECTS.delete_message }],
  react: [
    { route: 'POST /api/messages/{id}/reactions', body: { emoji: '👍', on: true }, effect: EFFECTS.react },
  ],
  see_readers: [{ route: 'GET /api/messages/{id}/readers', only: 'thread_read_only' }],
  star_message: [
    { route: 'PUT /api/messages/{id}/star', effect: EFFECTS.star_message },
    { route: 'DELETE /api/messages/{id}/star' },
  ],
  pin_message: [{ route: 'POST /api/messages/{id}/pin', body: { on: true }, effect: EFFECTS.pin_message }],

  create_thread: [
    {
      route: 'POST /api/classes/{id}/threads',
      body: { name: 'New' },
      effect: `threads x on x.class_id = s.class and x.creator = s.actor and x.name = 'New'`,
    },
  ],
  rename_thread: [
    { route: 'PATCH /api/threads/{id}', body: { name: 'Other' }, effect: inThread(`x.name = 'Other'`) },
  ],
  pin_thread: [
    { route: 'PATCH /api/threads/{id}', body: { pinned: true }, effect: inThread('x.pinned > 1') },
  ],
  // In a scene all that is so has been so since 1970.
  lock_thread: [
    { route: 'PATCH /api/threads/{id}', body: { read_only: true }, effect: inThread('x.read_only > 1') },
  ],
  archive_thread: [
    { route: 'PATCH /api/threads/{id}', body: { archived: true }, effect: inThread('x.archived > 1') },
  ],
  delete_thread: [
    { route: 'DELETE /api/threads/{id}', body: { confirm: 'A thread' }, effect: inThread('x.deleted > 1') },
  ],

  invite: [
    { route: 'GET /api/classes/{id}/invitations' },
    {
      route: 'POST /api/classes/{id}/invitations',
      body: { role: 'student' },
      effect: 'invitations x on x.class_id = s.class and x.creator = s.actor',
    },
    {
      route: 'DELETE /api/invitations/{id}',
      effect: 'invitations x on x.class_id = s.class and x.revoked is not null',
    },
    { route: 'POST /api/classes/{id}/code', effect: inClass(`x.code not like 'CODE%'`) },
  ],
  decide_request: [
    { route: 'GET /api/classes/{id}/requests' },
    {
      route: 'POST /api/classes/{id}/requests/{user}',
      user: 'asking',
      body: { accept: true },
      effect: 'members x on x.class_id = s.class and x.user_id = s.asking',
    },
  ],
  add_members: [
    { route: 'POST /api/classes/{id}/people/preview', body: { text: 'Anna' } },
    {
      route: 'POST /api/classes/{id}/people',
      body: { text: 'Anna', give: 'links' },
      effect: `invitations x on x.class_id = s.class and x.name = 'Anna'`,
    },
  ],
  set_role: [
    {
      route: 'PATCH /api/classes/{id}/members/{user}',
      user: 'target',
      body: { role: 'guest' },
      effect: ofTarget(`x.role = 'guest'`),
    },
  ],
  mute_member: [
    {
      route: 'PATCH /api/classes/{id}/members/{user}',
      user: 'target',
      body: { muted_for: 60 },
      effect: ofTarget('x.muted_until is not null'),
    },
  ],
  remove_member: [
    { route: 'DELETE /api/classes/{id}/members/{user}', user: 'target', effect: isGone('target') },
  ],
  ban_member: [
    { route: 'GET /api/classes/{id}/bans' },
    {
      route: 'PUT /api/classes/{id}/bans/{user}',
      user: 'target',
      effect: `bans x on x.class_id = s.class and x.user_id = s.target and not exists
        (select 1 from members where class_id = s.class and user_id = s.target)`,
    },
    {
      route: 'DELETE /api/classes/{id}/bans/{user}',
      user: 'banned',
      effect: `(select 1) x on not exists (select 1 from bans where class_id = s.class and user_id = s.banned)`,
    },
  ],
  leave_class: [{ route: 'POST /api/classes/{id}/leave', effect: isGone('actor') }],

  set_class: [
    {
      route: 'PATCH /api/classes/{id}',
      body: { description: 'other' },
      effect: inClass(`x.description = 'other'`),
    },
    {
      route: 'PUT /api/classes/{id}/picture',
      body: { base64: PNG },
      effect: inClass('x.picture is not null'),
    },
    {
      route: 'DELETE /api/classes/{id}/picture',
      effect: '(select 1) x on not exists (select 1 from pictures where class_id = s.class)',
    },
  ],
  archive_class: [
    {
      route: 'PATCH /api/classes/{id}',
      body: (_scene, obstacle) => ({ archived: obstacle !== 'class_archived' }),
      effect: (obstacle) => inClass(obstacle === 'class_archived' ? 'x.archived is null' : 'x.archived > 1'),
    },
  ],
  hand_over: [
    {
      route: 'POST /api/classes/{id}/head',
      user: 'target',
      effect: ofTarget(`x.role = 'head'`),
    },
  ],
  see_audit: [{ route: 'GET /api/classes/{id}/audit' }, { route: 'GET /api/classes/{id}/audit.csv' }],
};

/** Routes that concern no class that there is: accounts, the server, and the ways into classes. */
export const OF_NO_CLASS: readonly RegExp[] = [
  /^[A-Z]+ \/api\/(sign-up|sign-in|sign-in-options|sign-out|password-reset(\/confirm)?|oidc\/(start|callback))$/,
  /^[A-Z]+ \/api\/me(\/(password|sessions|tokens|totp|notifications|push-subscription)(\/\{id\}|\/confirm|\/recovery)?)?$/,
  /^[A-Z]+ \/api\/server\//, // for heads of the server: `test/accounts`, `test/classes/headless.test.ts`
  /^(GET|POST) \/api\/classes$/,
  /^POST \/api\/classes\/join$/,
  /^(GET|POST) \/api\/offers\/\{token\}$/,
  /^DELETE \/api\/files\/\{id\}$/, // of an upload of one's own: `test/files`
  /^GET \/api\/stars$/, // one's own, of what one may still read: `test/v2/conversation.test.ts`
  /^GET \/api\/unread$/, // of threads in one's own classes: `test/v2/conversation.test.ts`
  /^GET \/api\/names$/, // of one's own classes, threads and people: `test/search`
];

/** What the server answers beside its API. */
export const BESIDE_THE_API = ['GET /healthz', 'GET /metrics', 'GET /api/openapi.json', 'GET /*'];
