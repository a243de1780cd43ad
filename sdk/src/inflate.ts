import { MalformedFrame } from './frame.ts';

/** A frame that inflates to more is not one of ours: pages of the longest messages stay far below. In bytes. */
const INFLATED_MAX = 16 * 1024 * 1024;

/** Whether this runtime can read deflated frames (browsers since 2023, Node 18, Bun 1.3). */
export function canInflate(): boolean {
  try {
    new DecompressionStream('deflate-raw');
    return true;
  } catch {
    return false;
  }
}

/** The text of a deflated frame. Rejects with MalformedFrame where there is none. */
export async function inflate(data: ArrayBuffer): Promise<string> {
  const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      size += read.value.length;
      if (size > INFLATED_MAX) throw new MalformedFrame('A frame is too large.');
      text += decoder.decode(read.value, { stream: true });
    }
    return text + decoder.decode();
  } catch (cause) {
    void reader.cancel().catch(() => undefined);
    throw cause instanceof MalformedFrame
      ? cause
      : new MalformedFrame('A frame does not inflate.', { cause });
  }
}
