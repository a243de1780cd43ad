import { OpenAPIHono } from '@hono/zod-openapi';
import { LIMITS } from '@pokers/protocol/limits';
import type { Context, HonoRequest } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import type { AccountServices } from '../../accounts/account-services.ts';
import type { Here } from '../../asides/here.ts';
import type { Chat } from '../../chat/chat.ts';
import { PokersError } from '../../errors.ts';
import type { Keeping } from '../../files/keeping.ts';
import { isNear } from '../../limits/address.ts';
import type { Guards } from '../../limits/guards.ts';
import type { Push } from '../../push/push.ts';
import type { SearchIndex } from '../../search/search-index.ts';
import { invalidInput } from '../invalid-input.ts';
import { isForeign, isNavigation } from '../origin.ts';
import type { OwnNews } from '../own-news.ts';
import type { Sender } from '../sender.ts';
import { addAccountRoutes } from './account.ts';
import { addAuditRoutes } from './audit.ts';
import { addClassRoutes } from './classes.ts';
import { addFileRoutes } from './files.ts';
import { DATA_HEADERS, PAGE_HEADERS, TLS_HEADERS } from './headers.ts';
import { addHeadlessClassRoutes } from './headless-classes.ts';
import type { Env, HttpApp } from './http-app.ts';
import { addInvitationRoutes } from './invitations.ts';
import type { LongPolls } from './long-polls.ts';
import { addMemberRoutes } from './members.ts';
import { addMessageChangeRoutes } from './message-changes.ts';
import { addMessageRoutes } from './messages.ts';
import { addNotificationRoutes } from './notifications.ts';
import { addOidcRoutes } from './oidc.ts';
import { addOneMessageRoutes } from './one-message.ts';
import { addPasswordResetRoutes } from './password-reset.ts';
import { addPeopleRoutes } from './people.ts';
import { addPictureRoutes } from './pictures.ts';
import { addPresenceRoutes } from './presence.ts';
import { addSearchRoutes } from './search.ts';
import { addSecondFactorRoutes } from './second-factor.ts';
import { addServerSettingsRoutes } from './server-settings.ts';
import { addServerUserRoutes } from './server-users.ts';
import { addSessionRoutes } from './sessions.ts';
import { addStarRoutes } from './stars.ts';
import { addThreadRoutes } from './threads.ts';
import { addTokenRoutes } from './tokens.ts';
import { serveWebClient, type WebClient } from './web-client.ts';

export interface HttpDoorParts {
  readonly chat: Chat;
  readonly news: OwnNews;
  readonly services: AccountServices;
  readonly guards: Guards;
  readonly keeping: Keeping;
  readonly longPolls: LongPolls;
  readonly searchIndex: SearchIndex;
  readonly push: Push;
  readonly here: Here;
  readonly webClient: WebClient;
  /** Where people find this server, if that is said. */
  readonly url: string | undefined;
  /** Whether the line itself speaks TLS. */
  readonly isTls: boolean;
  /** The Prometheus text of all processes of this server. */
  readonly metrics: () => Promise<string>;
  readonly onError: (error: unknown) => void;
}

/** The HTTP door: the API under /api, the health and metrics pages, and the web client for all else. */
export function httpDoor(parts: HttpDoorParts): HttpApp {
  const {
    chat,
    news,
    services,
    guards,
    keeping,
    longPolls,
    searchIndex,
    push,
    here,
    webClient,
    url,
    isTls,
    metrics,
    onError,
  } = parts;
  const { accounts, passwords } = services;
  const app: HttpApp = new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.error);
    },
  });

  app.onError((error, c) => {
    const known = knownError(error);
    if (known.error === 'internal') onError(error);
    return c.json(known.toJSON(), known.http, known.headers);
  });
  app.use(async (c, next) => {
    // Where the Host header names no host, Bun's `url` is a bare path.
    if (!URL.canParse(c.req.url)) throw new PokersError('bad_request', 'the Host header names no host');
    await next();
  });
  app.use(async (c, next) => {
    await next();
    const headers = c.req.path.startsWith('/api/') ? DATA_HEADERS : PAGE_HEADERS;
    for (const [name, value] of Object.entries({ ...headers, ...(isTls && TLS_HEADERS) })) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });

  app.get('/healthz', async (c) => {
    await chat.store.thread(0); // a read that any working store answers
    return c.json({ status: 'ok' });
  });
  app.get('/metrics', async (c) => {
    if (!isNear(c.env.sender.address)) throw new PokersError('not_found');
    return c.text(await metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });

  const refuseForeign = ({ raw }: HonoRequest, sender: Sender): void => {
    if (!isNavigation(raw) && isForeign(raw, sender, url)) throw new PokersError('origin_denied');
  };
  const letIn = async (c: Context<Env>): Promise<void> => {
    const session = await accounts.sessionOf(c.req.raw.headers);
    if (!session) throw new PokersError('sign_in_required');
    c.set('session', session);
    c.set('user', session.user);
    const { id, name } = session.user;
    c.set('actor', { id, name, scopes: session.scopes, address: c.env.sender.address });
  };
  app.use('/files/*', async (c, next) => {
    refuseForeign(c.req, c.env.sender);
    await letIn(c);
    await next();
  });
  app.use('/api/*', async (c, next) => {
    const { raw, method } = c.req;
    refuseForeign(c.req, c.env.sender);
    if (method !== 'GET' && method !== 'HEAD' && !isPiece(c.req)) requireJson(raw);
    await next();
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  });
  const short = bodyLimit({ maxSize: LIMITS.bodyBytes, onError: () => tooLarge(LIMITS.bodyBytes) });
  const long = bodyLimit({ maxSize: LIMITS.listBytes, onError: () => tooLarge(LIMITS.listBytes) });
  app.use('/api/*', (c, next) => {
    if (isPiece(c.req)) return next();
    return (LONG_BODIES.test(c.req.path) ? long : short)(c, next);
  });
  app.use('/api/*', async (c, next) => {
    if (isPublic(c.req)) return next();
    await letIn(c);
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') guards.pace.change(c.get('user').id);
    await next();
  });

  app.use('/api/me/*', async (c, next) => {
    const isAsking = c.req.path === '/api/me' && c.req.method === 'GET';
    if (!isAsking && c.get('session').kind === 'token') throw new PokersError('session_required');
    await next();
  });
  app.use('/api/server/*', async (c, next) => {
    if (c.get('session').kind === 'token') throw new PokersError('session_required');
    if (!c.get('user').head) throw new PokersError('forbidden', 'for the heads of the server');
    await next();
  });

  addSessionRoutes(app, services, guards);
  addPasswordResetRoutes(app, services, guards);
  addOidcRoutes(app, services, guards, url);
  addAccountRoutes(app, services, { signIns: guards.signIns, db: chat.store.db });
  addSecondFactorRoutes(app, services, guards.signIns);
  addTokenRoutes(app, services);
  addNotificationRoutes(app, chat, push, url);
  addServerUserRoutes(app, services, url);
  addServerSettingsRoutes(app, services, chat.store);
  addHeadlessClassRoutes(app, chat);
  addClassRoutes(app, chat);
  addPictureRoutes(app, chat);
  addMemberRoutes(app, chat, guards.pace);
  addPresenceRoutes(app, chat, here);
  addPeopleRoutes(app, chat, passwords);
  addInvitationRoutes(app, chat);
  addAuditRoutes(app, chat);
  addThreadRoutes(app, chat, news);
  addMessageRoutes(app, { chat, accounts, longPolls, pace: guards.pace });
  addMessageChangeRoutes(app, chat);
  addFileRoutes(app, keeping);
  addOneMessageRoutes(app, chat);
  addStarRoutes(app, chat, news);
  addSearchRoutes(app, { chat, index: searchIndex, pace: guards.pace });
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'cookie', {
    type: 'apiKey',
    in: 'cookie',
    name: 'pokers.session_token',
  });
  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    security: [{ bearer: [] }, { cookie: [] }],
    info: {
      title: 'Pokers',
      version: '1',
      description:
        'Failures answer {code, error, msg}; docs/protocol.md has the table. Sign in for a cookie or a bearer token.',
    },
  });
  app.all('/api/*', () => {
    throw new PokersError('not_found');
  });
  app.get('*', (c) => serveWebClient(webClient, c.req.raw));
  app.notFound(() => {
    throw new PokersError('not_found');
  });
  return app;
}

/** Paths that answer without a session; all others under /api want one. */
const PUBLIC_PATHS = new Set([
  '/api/sign-in-options',
  '/api/sign-up',
  '/api/sign-in',
  '/api/sign-out',
  '/api/password-reset',
  '/api/password-reset/confirm',
  '/api/oidc/start',
  '/api/oidc/callback',
  '/api/openapi.json',
]);

/** Who has a link sees what it offers before they have an account. */
function isPublic({ path, method }: { path: string; method: string }): boolean {
  return PUBLIC_PATHS.has(path) || (method === 'GET' && path.startsWith('/api/offers/'));
}

/** A piece of a file is taken as it comes, and never held as a whole. */
function isPiece({ path, method }: HonoRequest): boolean {
  return method === 'PATCH' && /^\/api\/files\/\d+$/.test(path);
}

/** Lists of people are the one thing that may be longer. */
const LONG_BODIES = /^\/api\/classes\/\d+\/people(?:\/preview)?$/;

/** Forms of other sites' pages cannot send JSON. @throws json_required */
function requireJson(request: Request): void {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (request.body !== null && type !== 'application/json') throw new PokersError('json_required');
}

function knownError(error: unknown): PokersError {
  if (error instanceof PokersError) return error;
  if (error instanceof HTTPException && error.status < 500)
    return new PokersError('bad_request', error.message);
  return new PokersError('internal');
}

function tooLarge(bytes: number): never {
  throw new PokersError('too_long', `at most ${bytes} bytes`);
}
