/**
 * Whether a browser sent this on behalf of a page of another site. Programs send no Origin and are not asked; a page's
 * Origin must name the very host and port that the request was sent to (so a proxy has to pass the Host header on).
 */
export function isForeignOrigin(request: Request): boolean {
  const origin = request.headers.get('origin');
  if (origin === null) return false;
  const url = URL.parse(origin);
  return !url || !/^https?:$/.test(url.protocol) || url.host !== hostOf(request, url.protocol);
}

/** The Host header without the port that goes without saying. */
function hostOf(request: Request, protocol: string): string | undefined {
  const host = request.headers.get('host');
  return host === null ? undefined : URL.parse(`${protocol}//${host}`)?.host;
}
