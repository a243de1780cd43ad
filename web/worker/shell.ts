declare const self: ServiceWorkerGlobalScope;

/** What the client consists of, by path; the build fills it in. Another list is another version. */
declare const SHELL: readonly string[];

const PAGE = '/index.html';
const ASSETS = '/assets/';
const CACHE = /^shell-/;

/** Pages that are the server's own. */
const SERVERS = /^\/(?:api\/|healthz$|metrics$)/;

const version = `shell-${SHELL.join().length}-${hashOf(SHELL.join())}`;

/** Takes over what an older version holds, since names of assets hold their hash, and loads the rest. */
export async function keepShell(): Promise<void> {
  const cache = await caches.open(version);
  await Promise.all(
    SHELL.map(async (path) => {
      const isNamedByHash = path.startsWith(ASSETS);
      const held = isNamedByHash ? await caches.match(path, { ignoreVary: true }) : undefined;
      const response = held ?? (await fetch(path, { cache: isNamedByHash ? 'default' : 'no-cache' }));
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      await cache.put(path, response);
    }),
  );
}

/** The version before this one stays: pages of it may be open. */
export async function letGoOfOld(): Promise<void> {
  const versions = (await caches.keys()).filter((name) => CACHE.test(name));
  const older = versions.filter((name) => name !== version);
  await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
}

export function isPage({ mode }: Request, { pathname }: URL): boolean {
  return mode === 'navigate' && !SERVERS.test(pathname);
}

export function isAsset({ pathname }: URL): boolean {
  return pathname.startsWith(ASSETS) || SHELL.includes(pathname);
}

/** The client's page as this version has it, without asking: a newer one comes with the worker after this. */
export async function heldPage(): Promise<Response | undefined> {
  const cache = await caches.open(version);
  return cache.match(PAGE, { ignoreVary: true });
}

/** Held, of any version; else loaded, and held from now on. */
export async function answerAsset(request: Request): Promise<Response> {
  const held = await caches.match(request, { ignoreVary: true, ignoreSearch: true });
  if (held) return held;
  const response = await fetch(request);
  if (response.ok && new URL(request.url).pathname.startsWith(ASSETS)) {
    const copy = response.clone();
    void caches.open(version).then((cache) => cache.put(request, copy));
  }
  return response;
}

function hashOf(text: string): string {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return (hash >>> 0).toString(36);
}
