import { PokersError } from '@pokers/sdk';

/** Edge of a class's picture in pixels, and how well it is kept: some 15 KB, for thin lines. */
const EDGE = 256;
const QUALITY = 0.82;

/** The middle of a picture as a small square JPEG, in base64. @throws picture_invalid where the file is none */
export async function smallPicture(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file).catch((cause) => {
    throw new PokersError(0, 'picture_invalid', 'this is no picture', { cause });
  });
  const side = Math.min(bitmap.width, bitmap.height);
  const canvas = document.createElement('canvas');
  canvas.width = EDGE;
  canvas.height = EDGE;
  const context = canvas.getContext('2d');
  const from = [(bitmap.width - side) / 2, (bitmap.height - side) / 2] as const;
  context?.drawImage(bitmap, ...from, side, side, 0, 0, EDGE, EDGE);
  bitmap.close();
  return canvas.toDataURL('image/jpeg', QUALITY).split(',')[1] ?? '';
}
