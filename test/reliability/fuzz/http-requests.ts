import type { Chance } from '../chance.ts';
import { extreme, jsonObject, jsonValue, mangled, text } from './values.ts';

const METHODS = [
  'GET',
  'GET',
  'POST',
  'POST',
  'PATCH',
  'DELETE',
  'PUT',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'get',
  'X',
];

const PATHS = [
  '/api/sign-up',
  '/api/sign-in',
  '/api/sign-out',
  '/api/me',
  '/api/me/tokens',
  '/api/me/tokens/ID',
  '/api/me/sessions/ID',
  '/api/me/totp/confirm',
  '/api/sign-in-options',
  '/api/password-reset',
  '/api/password-reset/confirm',
  '/api/oidc/start',
  '/api/oidc/callback?code=VALUE&state=VALUE',
  '/api/server/users?q=VALUE&after=ID',
  '/api/server/users/ID/disable',
  '/api/server/settings',
  '/api/classes',
  '/api/classes/join',
  '/api/classes/ID',
  '/api/classes/ID/members',
  '/api/classes/ID/threads',
  '/api/threads/ID',
  '/api/threads/ID/messages',
  '/api/threads/ID/messages?before=ID&limit=ID',
  '/api/threads/ID/messages?after=ID',
  '/api/threads/ID/read',
  '/api/messages/ID',
  '/api/messages/ID/reactions',
  '/api/messages/ID/pin',
  '/api/openapi.json',
  '/api/VALUE',
  '/healthz',
  '/metrics',
  '/',
  '/assets/VALUE',
  '/VALUE',
  '/wss',
  '//VALUE',
  '/../VALUE',
  '*',
  'http://elsewhere.example/api/me',
];

const BODY_FIELDS = [
  'name',
  'email',
  'password',
  'code',
  'content',
  'nonce',
  'announce',
  'emoji',
  'on',
  'message',
  'description',
  'scopes',
  'expires',
  'token',
  'invitation',
];

/** A request of the HTTP door, byte for byte; where it is not sound as HTTP, the connection is not used again. */
export interface FuzzedRequest {
  readonly bytes: Buffer;
  /** Whether a server can tell where it ends, so that the next one may follow. */
  readonly isSound: boolean;
  readonly method: string;
}

/** A request with something in it that nobody expects: in the path, the query, the headers, or the body. */
export function httpRequest(chance: Chance, token: string): FuzzedRequest {
  const method = chance.is(0.97) ? chance.pick(METHODS.slice(0, 8)) : chance.pick(METHODS);
  const target = pathOf(chance);
  const body = chance.is(0.6) ? bodyOf(chance) : undefined;
  // A session that is ended would make all that follows shallow.
  const credential = target.startsWith('/api/sign-out') ? 'none' : token;
  const headers = headersOf(chance, credential, body);
  const head = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`, 'utf8');
  if (chance.is(0.95)) return { bytes, isSound: true, method };
  return { bytes: Buffer.from(mangled(chance, bytes.toString('latin1')), 'latin1'), isSound: false, method };
}

function pathOf(chance: Chance): string {
  const id = (): string =>
    chance.is(0.5)
      ? String(chance.between(0, 60))
      : encoded(chance, chance.is(0.5) ? text(chance) : jsonValue(chance));
  const path = chance
    .pick(PATHS)
    .replaceAll('ID', id)
    .replaceAll('VALUE', () => encoded(chance, text(chance)));
  return chance.is(0.1) ? `${path}?${encoded(chance, text(chance))}=${encoded(chance, text(chance))}` : path;
}

/** What may stand in a request line, encoded well or badly. */
function encoded(chance: Chance, value: string): string {
  const short = value.slice(0, 200).toWellFormed();
  const whole = encodeURIComponent(short);
  return chance.is(0.8) ? whole : whole.replaceAll('%2F', '/').replaceAll('%2E', '.').replace(/%../, '%zz');
}

function bodyOf(chance: Chance): string {
  const kind = chance.next();
  if (kind < 0.1) return extreme(chance, 70_000);
  const fields = BODY_FIELDS.filter(() => chance.is(0.3)).map((name): [string, string] => [
    name,
    chance.is(0.5) ? JSON.stringify('hello') : jsonValue(chance),
  ]);
  const body = jsonObject(fields).toWellFormed();
  return kind < 0.7 ? body : mangled(chance, body).toWellFormed();
}

function headersOf(chance: Chance, token: string, body: string | undefined): [string, string][] {
  const headers: [string, string][] = [['Host', chance.is(0.95) ? 'localhost' : headerText(chance)]];
  if (chance.is(0.7))
    headers.push(['Authorization', `Bearer ${chance.is(0.8) ? token : headerText(chance)}`]);
  if (chance.is(0.2)) {
    const value = chance.is(0.5) ? encodeURIComponent(token) : headerText(chance);
    headers.push(['Cookie', `pokers.session_token=${value}; ${headerText(chance)}`]);
  }
  if (chance.is(0.05))
    headers.push(['Origin', chance.pick(['null', 'http://localhost', 'https://x', headerText(chance)])]);
  if (chance.is(0.1))
    headers.push([
      chance.pick(['X-A', 'Accept', 'Range', 'If-None-Match', 'Accept-Encoding', 'X-Forwarded-For']),
      headerText(chance),
    ]);
  if (chance.is(0.03)) headers.push(['Upgrade', 'websocket'], ['Sec-WebSocket-Protocol', headerText(chance)]);
  if (body !== undefined) {
    const type = chance.is(0.9)
      ? 'application/json'
      : chance.pick(['text/plain', 'application/json; charset=x', headerText(chance)]);
    headers.push(['Content-Type', type], ['Content-Length', String(Buffer.byteLength(body))]);
  }
  return headers;
}

function headerText(chance: Chance): string {
  return encodeURI(text(chance).slice(0, 300).toWellFormed()).replaceAll('%20', ' ');
}
