/** Cuts what a client sends into the handshake and whole frames, whatever pieces it comes in. */
export class ClientFrames {
  #rest: Buffer = Buffer.alloc(0);
  #isUpgraded = false;

  /** The pieces that are whole now, each as it is to be passed on. */
  take(chunk: Buffer): { bytes: Buffer; isText: boolean }[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const pieces: { bytes: Buffer; isText: boolean }[] = [];
    for (;;) {
      const length = this.#isUpgraded ? frameLength(this.#rest) : handshakeLength(this.#rest);
      if (length === 0 || this.#rest.length < length) return pieces;
      const bytes = Buffer.from(this.#rest.subarray(0, length));
      pieces.push({ bytes, isText: this.#isUpgraded && bytes[0] === 0x81 });
      this.#rest = this.#rest.subarray(length);
      this.#isUpgraded = true;
    }
  }
}

/** 0 where it cannot be told yet. */
function handshakeLength(bytes: Buffer): number {
  const end = bytes.indexOf('\r\n\r\n');
  return end < 0 ? 0 : end + 4;
}

/** Of a masked frame; 0 where it cannot be told yet. */
function frameLength(bytes: Buffer): number {
  const size = (bytes[1] ?? 0) & 0x7f;
  const head = size === 126 ? 8 : size === 127 ? 14 : 6;
  if (bytes.length < head) return 0;
  if (size === 126) return head + bytes.readUInt16BE(2);
  return head + (size === 127 ? Number(bytes.readBigUInt64BE(2)) : size);
}
