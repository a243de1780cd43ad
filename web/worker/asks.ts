import { find, keep, own, owner } from '../src/offline/kept.ts';
import { forgetPerson } from './person.ts';

/** The answers that are kept: who one is, one's classes, and their threads. */
const KEPT = /^\/api\/(?:me|classes|classes\/\d+\/threads)$/;

/** After these another person may be signed in, or nobody. */
const CHANGES_WHO = /^\/api\/(?:sign-in|sign-up|sign-out)$/;

/** Longest answer that is kept, in UTF-16 units. */
const LENGTH_MAX = 1_000_000;

/** How long the server is waited for where something is kept, in ms: a line may be there and lead nowhere. */
const PATIENCE_MS = 6_000;

/** Answers a request to the API, where there is something to do about it. */
export function answerAsk(event: FetchEvent, { pathname, search }: URL): void {
  const { request } = event;
  if (CHANGES_WHO.test(pathname)) event.respondWith(forgetting(request));
  else if (request.method === 'GET' && search === '' && KEPT.test(pathname))
    event.respondWith(answered(event, pathname));
}

/** Keeps what the server answers now to what was asked before there was a worker. */
export async function keepAnswer(request: Request, { pathname, search }: URL): Promise<void> {
  if (search === '' && KEPT.test(pathname)) await ask(request, pathname);
}

async function forgetting(request: Request): Promise<Response> {
  const response = await fetch(request);
  if (response.ok) await forgetPerson();
  return response;
}

/** The server's answer, which is kept; without one, what was kept. */
async function answered(event: FetchEvent, path: string): Promise<Response> {
  const asking = ask(event.request, path);
  event.waitUntil(asking.catch(() => undefined));
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS));
  const response = await Promise.race([asking.catch(() => undefined), late]);
  if (response) return response;
  const body = await find(path);
  if (typeof body === 'string')
    return new Response(body, { headers: { 'content-type': 'application/json' } });
  return asking;
}

async function ask(request: Request, path: string): Promise<Response> {
  const before = await owner();
  const response = await fetch(request);
  if (response.status === 401) await forgetPerson();
  if (!response.ok) return response;
  const body = await response.clone().text();
  const user = path === '/api/me' ? idIn(body) : before;
  if (path === '/api/me' && user !== undefined) await own(user);
  if (user !== undefined && body.length <= LENGTH_MAX) await keep(user, path, body);
  return response;
}

function idIn(body: string): number | undefined {
  const { id } = JSON.parse(body) as { id?: unknown };
  return typeof id === 'number' ? id : undefined;
}
