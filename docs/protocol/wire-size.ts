/** What delivering one message of 40 bytes takes on the wire in each dialect. Run it to see the figures alone. */
import { classicRecord } from '@pokers/protocol/classic';
import { encodeLeanEvents } from '@pokers/protocol/lean';
import { encodeEvents, toChange } from '@pokers/protocol/message';
import { MESSAGE } from './example-message.ts';
import { table } from './markdown.ts';

export function wireSizes(): string {
  const classic = onWire(classicRecord(MESSAGE));
  const v2 = onWire(encodeEvents(MESSAGE.thread, [toChange(MESSAGE)]));
  const alone = onWire(encodeLeanEvents(MESSAGE.thread, [toChange(MESSAGE)]));
  const together = 20;
  const followers = Array.from({ length: together }, (_, n) =>
    toChange({ ...MESSAGE, id: MESSAGE.id + n, seq: MESSAGE.seq + n }),
  );
  const lean = onWire(encodeLeanEvents(MESSAGE.thread, followers)) / together;
  const share = (bytes: number) => `${((100 * bytes) / classic).toFixed(1)} %`;
  return table(
    ['dialect', 'bytes', 'of classic'],
    [
      ['classic', String(classic), share(classic)],
      ['v2', String(v2), share(v2)],
      ['v2, lean', String(alone), share(alone)],
      [`v2, lean, ${together} in a frame`, lean.toFixed(0), share(lean)],
    ],
  );
}

/** Payload and header of an unmasked WebSocket frame, in bytes (RFC 6455, 5.2). */
function onWire(text: string): number {
  const payload = Buffer.byteLength(text);
  const header = payload < 126 ? 2 : payload < 65_536 ? 4 : 10;
  return header + payload;
}

if (import.meta.main) process.stdout.write(`${wireSizes()}\n`);
