import type { Sender } from './sender.ts';

/** What a browser says of requests that it sends for our own pages, or because a person typed or chose the address. */
const OWN_SITES: ReadonlySet<string> = new Set(['same-origin', 'none']);

/**
 * Whether a browser sent this on behalf of a page of another site. Programs send no Origin and are not asked. A page's
 * Origin must be, exactly as browsers write it, the scheme, host and port that the request was sent to (so a proxy has
 * to pass the Host header on), or those of `publicUrl`. Where the request came by no TLS that we know of, both schemes
 * will do: a proxy that is not trusted may have taken it off.
 */
export function isForeign(request: Request, { isSecure }: Sender, publicUrl: string | undefined): boolean {
  const origin = request.headers.get('origin');
  if (origin === null) return !OWN_SITES.has(request.headers.get('sec-fetch-site') ?? 'none');
  if (origin === publicUrl) return false;
  const host = request.headers.get('host');
  const schemes = isSecure ? ['https'] : ['https', 'http'];
  return !host || !schemes.some((scheme) => origin === URL.parse(`${scheme}://${host}`)?.origin);
}

/** Whether a browser asks for something to show it as a page: then it may come from a link anywhere. */
export function isNavigation({ method, headers }: Request): boolean {
  return (method === 'GET' || method === 'HEAD') && headers.get('sec-fetch-mode') === 'navigate';
}
