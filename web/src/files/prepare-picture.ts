import { rgbaToThumbHash } from 'thumbhash';
import type { PreparedPicture, SmallerPicture } from './attachment.ts';

/** Longest edge of a picture that was made smaller, in pixels, and how well it is kept: some 200 KB for a photo. */
const EDGE = 1600;
const QUALITY = 0.8;

/** It has to be worth it: at most this part of the original's bytes. */
const WORTH = 0.8;

/** Longest edge of what a ThumbHash is made from. */
const THUMB_EDGE = 100;

/** What can move or grow without loss stays as it is. */
const KEPT = new Set(['image/gif', 'image/svg+xml']);

/** A preview of a picture, and a smaller one. Undefined for what this browser cannot show as one. */
export async function preparePicture(file: Blob, name: string): Promise<PreparedPicture | undefined> {
  if (!file.type.startsWith('image/') || file.type === 'image/svg+xml') return undefined;
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return undefined;
  try {
    return { preview: previewOf(bitmap), smaller: await smallerOf(bitmap, file, name) };
  } finally {
    bitmap.close();
  }
}

function previewOf(bitmap: ImageBitmap): string {
  const { context, width, height } = drawn(bitmap, THUMB_EDGE);
  const hash = rgbaToThumbHash(width, height, context.getImageData(0, 0, width, height).data);
  return btoa(String.fromCharCode(...hash));
}

async function smallerOf(bitmap: ImageBitmap, file: Blob, name: string): Promise<SmallerPicture | undefined> {
  if (KEPT.has(file.type)) return undefined;
  const { canvas } = drawn(bitmap, EDGE);
  // Where a browser writes no WebP it makes a PNG instead; then JPEG is smaller, though nothing shows through it.
  const webp = await encoded(canvas, 'image/webp');
  const bytes = webp?.type === 'image/webp' ? webp : await encoded(canvas, 'image/jpeg');
  if (!bytes || bytes.size > file.size * WORTH) return undefined;
  const ending = bytes.type === 'image/webp' ? 'webp' : 'jpg';
  return { bytes, name: `${name.replace(/\.[^.]*$/, '') || name}.${ending}` };
}

function drawn(bitmap: ImageBitmap, edge: number) {
  const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser cannot draw');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return { canvas, context, width, height };
}

function encoded(canvas: HTMLCanvasElement, type: string): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, type, QUALITY));
}
