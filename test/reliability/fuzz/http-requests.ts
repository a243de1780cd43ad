import type { Chance } from '../chance.ts';
import type { ApiSurface } from './api-surface.ts';
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

/** Beside what the API's document names. */
const PATHS = [
  '/api/oidc/callback?code=VALUE&state=VALUE',
  '/api/server/users?q=VALUE&after=ID',
  '/api/classes/ID/members?q=VALUE&after=ID',
  '/api/classes/ID/audit?before=ID',
  '/api/search?q=VALUE&class=ID&has=VALUE&before=ID',
  '/api/threads/ID/messages?before=ID&limit=ID',
  '/api/threads/ID/messages?after=ID',
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

/** Values that some field takes. */
const PLAIN = ['"hello"', 'true', 'false', '1', '2', '60'];

/** Ends the session, after which all that follows would be shallow. */
const ENDS_SESSION = /^\/api\/(sign-out|me\/sessions)/;

/** A request of the HTTP door, byte for byte; where it is not sound as HTTP, the connection is not used again. */
export interface FuzzedRequest {
  readonly bytes: Buffer;
  /** Whether a server can tell where it ends, so that the next one may follow. */
  readonly isSound: boolean;
  readonly method: string;
}

/** A request with something in it that nobody expects: in the path, the query, the headers, or the body. */
export function httpRequest(chance: Chance, token: string, api: ApiSurface): FuzzedRequest {
  const route = chance.is(0.8) ? chance.pick(api.routes) : undefined;
  const other = chance.is(0.97) ? chance.pick(METHODS.slice(0, 8)) : chance.pick(METHODS);
  const method = route && chance.is(0.9) ? route.method : other;
  const target = pathOf(chance, route?.path ?? chance.pick(PATHS));
  const hasBody = chance.is(method === 'GET' ? 0.2 : 0.8);
  const body = hasBody ? bodyOf(chance, api) : undefined;
  const credential = ENDS_SESSION.test(target) ? 'none' : token;
  const headers = headersOf(chance, credential, body);
  const head = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`, 'utf8');
  if (chance.is(0.95)) return { bytes, isSound: true, method };
  return { bytes: Buffer.from(mangled(chance, bytes.toString('latin1')), 'latin1'), isSound: false, method };
}

function pathOf(chance: Chance, template: string): string {
  const id = (): string =>
    chance.is(0.7)
      ? String(chance.is(0.5) ? chance.between(1, 4) : chance.between(0, 60))
      : encoded(chance, chance.is(0.5) ? text(chance) : jsonValue(chance));
  const path = template
    .replaceAll(/\{(id|user)\}/g, id)
    .replaceAll('{token}', 'VALUE')
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

function bodyOf(chance: Chance, { fields: known }: ApiSurface): string {
  const kind = chance.next();
  if (kind < 0.1) return extreme(chance, 70_000);
  // A body with fields that do not belong together is refused at once: mostly there are one or two.
  const most = chance.is(0.7) ? 2 : known.length;
  const fields = Array.from({ length: chance.between(0, most) }, (): [string, string] => {
    const { name, values } = chance.pick(known);
    if (values.length > 0 && chance.is(0.7)) return [name, chance.pick(values)];
    return [name, chance.is(0.5) ? chance.pick(PLAIN) : jsonValue(chance)];
  });
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
