/** Shorter frames gain nothing: one packet carries them either way, and deflate has little to find. In characters. */
export const PACK_MIN_CHARS = 200;

/** A packed frame must be at least so much smaller, or its reader would inflate it for nothing. */
const GAIN = 0.9;

/** libdeflate's usual level: 9 saves 1 % more, 1 saves no time that could be measured (`npm run bench:wire`). */
const LEVEL = 6;

/** What goes over a socket: text, or a deflated frame as binary. */
export type Frame = string | Uint8Array<ArrayBuffer>;

/** The frame as raw deflate (RFC 1951) where that is worth it, else as it was. For clients that asked for the lean form. */
export function pack(text: string): Frame {
  if (text.length < PACK_MIN_CHARS) return text;
  const bytes = Buffer.from(text);
  const packed = Bun.deflateSync(bytes, { library: 'libdeflate', level: LEVEL });
  return packed.length < bytes.length * GAIN ? packed : text;
}

/** Bytes of a frame's payload on the wire. */
export function payloadBytes(frame: Frame): number {
  return typeof frame === 'string' ? Buffer.byteLength(frame) : frame.length;
}
