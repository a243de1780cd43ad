/** The ways to write an event frame that are compared. */

import { inflateRawSync } from 'node:zlib';
import { decode as fromMessagePack, encode as toMessagePack } from '@msgpack/msgpack';
import { encodeLeanEvents, fromLeanEvent, type LeanEvent, toSteps } from '@pokers/protocol/lean';
import { type Change, encodeEvents } from '@pokers/protocol/message';
import { decode as fromCbor, encode as toCbor } from 'cborg';
import { pack } from '../../server/src/hub/pack.ts';

export interface Form {
  readonly name: string;
  readonly encode: (changes: readonly Change[]) => string | Uint8Array;
  readonly decode: (frame: string | Uint8Array) => readonly Change[];
  /** What a browser has to load to read it: the module, and what is used of it. Empty where browsers bring it along. */
  readonly reader: string;
}

const THREAD = 7;

/** An event frame as v2's plain form has it, and as the lean form has it. */
const whole = (changes: readonly Change[]) => ({ op: 'ev', t: THREAD, e: changes });
const lean = (changes: readonly Change[]) => [THREAD, ...toSteps(changes)];
const fromWhole = (frame: unknown): readonly Change[] => (frame as { e: Change[] }).e;
const fromLean = (frame: unknown): readonly Change[] => fromLeanEvent(frame as LeanEvent).e;

const deflate = (frame: string | Uint8Array): Uint8Array =>
  Bun.deflateSync(Buffer.from(frame), { library: 'libdeflate', level: 6 });
const inflate = (frame: string | Uint8Array): Buffer => inflateRawSync(frame);

const LEAN_READER = "export { fromLeanEvent } from '@pokers/protocol/lean';";
const INFLATE_READER = "export { inflate } from '../../sdk/src/inflate.ts';";
const MESSAGE_PACK_READER = "export { decode } from '@msgpack/msgpack';";
const CBOR_READER = "export { decode } from 'cborg';";

export const FORMS: readonly Form[] = [
  {
    name: 'JSON, whole',
    encode: (changes) => encodeEvents(THREAD, changes),
    decode: (frame) => fromWhole(JSON.parse(String(frame))),
    reader: '',
  },
  {
    name: 'JSON, steps',
    encode: (changes) => encodeLeanEvents(THREAD, changes),
    decode: (frame) => fromLean(JSON.parse(String(frame))),
    reader: LEAN_READER,
  },
  {
    name: 'MessagePack, whole',
    encode: (changes) => toMessagePack(whole(changes)),
    decode: (frame) => fromWhole(fromMessagePack(Buffer.from(frame))),
    reader: MESSAGE_PACK_READER,
  },
  {
    name: 'MessagePack, steps',
    encode: (changes) => toMessagePack(lean(changes)),
    decode: (frame) => fromLean(fromMessagePack(Buffer.from(frame))),
    reader: MESSAGE_PACK_READER + LEAN_READER,
  },
  {
    name: 'CBOR, whole',
    encode: (changes) => toCbor(whole(changes)),
    decode: (frame) => fromWhole(fromCbor(Buffer.from(frame))),
    reader: CBOR_READER,
  },
  {
    name: 'CBOR, steps',
    encode: (changes) => toCbor(lean(changes)),
    decode: (frame) => fromLean(fromCbor(Buffer.from(frame))),
    reader: CBOR_READER + LEAN_READER,
  },
  {
    name: 'JSON, whole, deflated',
    encode: (changes) => deflate(encodeEvents(THREAD, changes)),
    decode: (frame) => fromWhole(JSON.parse(String(inflate(frame)))),
    reader: INFLATE_READER,
  },
  {
    name: 'MessagePack, steps, deflated',
    encode: (changes) => deflate(toMessagePack(lean(changes))),
    decode: (frame) => fromLean(fromMessagePack(inflate(frame))),
    reader: MESSAGE_PACK_READER + LEAN_READER + INFLATE_READER,
  },
  {
    name: 'JSON, steps, deflated where it pays: lean',
    encode: (changes) => pack(encodeLeanEvents(THREAD, changes)),
    decode: (frame) => fromLean(JSON.parse(typeof frame === 'string' ? frame : String(inflate(frame)))),
    reader: LEAN_READER + INFLATE_READER,
  },
];
