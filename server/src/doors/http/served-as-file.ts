/** What people upload is shown only if it is one of these: none of them can hold a script that runs. */
const SHOWN: ReadonlySet<string> = new Set([
  'image/avif',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
  'audio/aac',
  'audio/flac',
  'audio/mp4',
  'audio/mpeg',
  'audio/ogg',
  'audio/wav',
  'audio/webm',
  'video/mp4',
  'video/ogg',
  'video/webm',
]);

/** Whether browsers may show what has this type (without parameters, in small letters). */
export function isShown(type: string): boolean {
  return SHOWN.has(type);
}

/**
 * The headers of something that a person uploaded: whatever it is, it never runs as a page or script of ours. What is no
 * picture, sound or film goes to the downloads.
 * @param type as the uploader called it; parameters are dropped
 * @param name what it is called when it is saved
 */
export function servedAsFile(type: string | null | undefined, name?: string): Record<string, string> {
  const essence = type?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isInline = isShown(essence);
  return {
    'content-type': isInline ? essence : 'application/octet-stream',
    'content-disposition': `${isInline ? 'inline' : 'attachment'}${name === undefined ? '' : `; ${fileName(name)}`}`,
    // Opened by itself, a picture or film is a small page that the browser makes: it may show it, and nothing else.
    'content-security-policy':
      "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  };
}

/** As RFC 6266 has it: in ASCII for the old, and in UTF-8. No character of it can end the header or the quotes. */
function fileName(name: string): string {
  const wellFormed = name.toWellFormed();
  const ascii = wellFormed.replace(/[^\w .()+,=@-]/g, '_');
  const encoded = encodeURIComponent(wellFormed).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  );
  return `filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
