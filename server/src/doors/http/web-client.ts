import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The built web client: every file by its path in URLs. A path that is not in it is never looked for on disk. */
export type WebClient = ReadonlyMap<string, { file: string; encodings: readonly Encoding[] }>;

/** Encodings that a file may stand beside it in, the best first, with the ending of its name. */
const ENCODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const;

type Encoding = (typeof ENCODINGS)[number];

const HASHED = '/assets/';

export function readWebClient(folder: string): WebClient {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const names = new Set(files);
  const client = new Map<string, { file: string; encodings: readonly Encoding[] }>();
  for (const file of files) {
    if (ENCODINGS.some(({ ending }) => file.endsWith(ending))) continue;
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    client.set(path, { file, encodings: ENCODINGS.filter(({ ending }) => names.has(file + ending)) });
  }
  return client;
}

/** A file of the web client, or its page for every address that is the client's own business. */
export function serveWebClient(client: WebClient, request: Request): Response {
  const { pathname } = new URL(request.url);
  const found = client.get(pathname);
  if (!found && pathname.startsWith(HASHED))
    return new Response('This file is gone. Load the page anew.\n', { status: 404 });
  const entry = found ?? client.get('/index.html');
  if (!entry) return new Response('The web client is not built. Run: npm run build\n', { status: 503 });

  const accepted = (request.headers.get('accept-encoding') ?? '')
    .split(',')
    .map((part) => part.split(';')[0]?.trim());
  const encoding = entry.encodings.find(({ name }) => accepted.includes(name));
  const file = Bun.file(encoding ? entry.file + encoding.ending : entry.file);
  // A file's name holds its hash only under /assets; all else is asked for again, which costs a 304.
  const etag = `"${file.lastModified.toString(36)}-${file.size.toString(36)}${encoding ? `-${encoding.name}` : ''}"`;
  const headers = new Headers({
    'content-type': Bun.file(entry.file).type,
    'cache-control':
      found && pathname.startsWith(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'Accept-Encoding',
    etag,
  });
  if (encoding) headers.set('content-encoding', encoding.name);
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  return new Response(file, { headers });
}
