import { FILE_LIMITS } from '@pokers/protocol/limits';
import { fileTypeFromBuffer } from 'file-type';
import { imageSize } from 'image-size';
import { isShown } from '../doors/http/served-as-file.ts';

/** What a file is by its own bytes, whatever it is called. */
export interface Content {
  /** One that browsers may show, or `application/octet-stream`. */
  readonly type: string;
  /** Of a picture, in pixels as it is shown. */
  readonly width?: number;
  readonly height?: number;
}

/** Bytes from its beginning that are looked at: photos have their size behind a preview and a colour profile. */
export const HEAD_BYTES = 512 * 1024;

const UNKNOWN: Content = { type: 'application/octet-stream' };

/** EXIF orientations from here on lie on their side. */
const TURNED = 5;

/** @param head its first `HEAD_BYTES`, or all of it */
export async function contentOf(head: Uint8Array): Promise<Content> {
  const found = await fileTypeFromBuffer(head).catch(() => undefined); // it ends too early, say
  const type = found?.mime.split(';')[0] ?? '';
  if (!isShown(type)) return UNKNOWN;
  if (!type.startsWith('image/')) return { type };
  const size = sizeOf(head);
  // A picture that nobody can tell the size of is none that can be shown without everything below it jumping.
  return size ? { type, ...size } : UNKNOWN;
}

function sizeOf(head: Uint8Array): { width: number; height: number } | undefined {
  try {
    const { width, height, orientation = 1 } = imageSize(head);
    if (!(width > 0 && height > 0) || width * height > FILE_LIMITS.picturePixels) return undefined;
    return orientation < TURNED ? { width, height } : { width: height, height: width };
  } catch {
    return undefined;
  }
}
