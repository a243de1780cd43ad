import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

interface Asset {
  readonly file: string;
  readonly encodings: readonly Encoding[];
}

/** Encodings that a file may stand beside it in, the best first, with the ending of its name. */
const ENCODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const;

type Encoding = (typeof ENCODINGS)[number];

const HASHED = '/assets/';
const PAGE = '/index.html';

/** How long the list of files is believed when something is missing from it, in ms. */
const LIST_MS = 1_000;

/** The built web client: every file by its path in URLs. A path that is not in the list is never looked for on disk. */
export class WebClient {
  readonly #folder: string;
  #assets: ReadonlyMap<string, Asset>;
  #readAt = performance.now();

  constructor(folder: string) {
    this.#folder = folder;
    this.#assets = readAssets(folder);
  }

  /** A file may have come or gone with a new build since: then the list is read again. */
  find(path: string): Asset | undefined {
    const listed = this.#assets.get(path);
    const found = listed && existsSync(listed.file) ? listed : undefined;
    const isOurs = path === PAGE || path.startsWith(HASHED);
    if (found || !isOurs || performance.now() - this.#readAt < LIST_MS) return found;
    this.#assets = readAssets(this.#folder);
    this.#readAt = performance.now();
    return this.#assets.get(path);
  }
}

function readAssets(folder: string): ReadonlyMap<string, Asset> {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const names = new Set(files);
  const assets = new Map<string, Asset>();
  for (const file of files) {
    if (ENCODINGS.some(({ ending }) => file.endsWith(ending))) continue;
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    assets.set(path, { file, encodings: ENCODINGS.filter(({ ending }) => names.has(file + ending)) });
  }
  return assets;
}

/** A file of the web client, or its page for every address that is the client's own business. */
export function serveWebClient(client: WebClient, request: Request): Response {
  const { pathname } = new URL(request.url);
  const found = client.find(pathname);
  if (!found && pathname.startsWith(HASHED))
    return new Response('This file is gone. Load the page anew.\n', { status: 404 });
  const entry = found ?? client.find(PAGE);
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
  headers.set('content-length', String(file.size)); // for HEAD: where there is a body, Bun writes its own
  return new Response(file, { headers });
}
