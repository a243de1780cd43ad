import { thumbHashToDataURL } from 'thumbhash';

/** A tiny picture as an address, from a ThumbHash in base64; undefined for what is none. */
export function previewUrl(hash: string): string | undefined {
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(hash), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
