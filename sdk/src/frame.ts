/** Frames of the server, checked by hand: the schemas would bring zod into every browser. */
import { fromLeanEvent, type LeanEvent } from '@pokers/protocol/lean';
import type { ServerFrame } from '@pokers/protocol/v2';

/** The server said something that is no frame of the protocol. */
export class MalformedFrame extends Error {
  override readonly name = 'MalformedFrame';
}

/**
 * The frame that came, with every field checked. Undefined for one whose `op` this client does not know: a newer
 * server may say more. Throws MalformedFrame for all else.
 */
export function decodeFrame(data: unknown): ServerFrame | undefined {
  if (typeof data !== 'string') throw new MalformedFrame('A frame is text.');
  const parsed = parse(data);
  const frame = Array.isArray(parsed) ? wholeEvent(parsed) : parsed;
  if (!isRecord(frame) || typeof frame.op !== 'string')
    throw new MalformedFrame('A frame is an object with an op.');
  const isSound = Object.hasOwn(SHAPES, frame.op) ? SHAPES[frame.op as keyof typeof SHAPES] : undefined;
  if (!isSound) return undefined;
  if (!isOptional(frame.ref, isCount) || !isSound(frame))
    throw new MalformedFrame(`A field of "${frame.op}" is wrong.`);
  return frame as unknown as ServerFrame;
}

type Fields = Record<string, unknown>;

const SHAPES: Record<ServerFrame['op'], (frame: Fields) => boolean> = {
  hello: (frame) => isId(frame.user) && isText(frame.name) && isText(frame.epoch),
  join: (frame) => isId(frame.thread) && isCount(frame.seq),
  leave: (frame) => isId(frame.thread),
  post: (frame) => isId(frame.id) && isCount(frame.seq) && isNumber(frame.date),
  history: (frame) => isId(frame.thread) && isChanges(frame.messages) && isPage(frame),
  resume: (frame) => isId(frame.thread) && isChanges(frame.changes) && isPage(frame),
  edit: isChanged,
  delete: isChanged,
  react: isChanged,
  pin: isChanged,
  star: isStar,
  read: (frame) => isId(frame.thread) && isReading(frame),
  watch: (frame) => typeof frame.on === 'boolean',
  typing: (frame) => isId(frame.thread),
  presence: (frame) => isId(frame.class) && isIds(frame.here) && isCount(frame.count),
  ping: () => true,
  ev: (frame) => isId(frame.t) && isChanges(frame.e) && isRising(frame.e) && isOptional(frame.s, isCount),
  left: (frame) => isId(frame.thread) && isError(frame),
  class: (frame) => isId(frame.class),
  seen: (frame) => isId(frame.thread) && isId(frame.message) && isReading(frame),
  starred: isStar,
  news: (frame) => isList(frame.threads, isCounts),
  typists: (frame) => isId(frame.t) && isList(frame.u, isPerson),
  here: (frame) => isId(frame.class) && isIds(frame.came) && isIds(frame.left),
  error: isError,
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedFrame('A frame is JSON.', { cause });
  }
}

/** An event of the lean form as one of the plain form. What is in it is checked afterwards. */
function wholeEvent(frame: readonly unknown[]): Fields {
  const [, ...rest] = frame;
  const isList = rest.every(
    (part, index) => Array.isArray(part) || (index === 0 && typeof part === 'number'),
  );
  if (!isList) throw new MalformedFrame('An event is a list of changes.');
  try {
    return fromLeanEvent(frame as unknown as LeanEvent);
  } catch (cause) {
    throw new MalformedFrame('A step follows nothing.', { cause });
  }
}

function isError(frame: Fields): boolean {
  return isCount(frame.code) && isText(frame.error) && isText(frame.msg);
}

function isStar(frame: Fields): boolean {
  return isId(frame.message) && typeof frame.on === 'boolean';
}

function isReading(frame: Fields): boolean {
  return isCount(frame.unread) && isCount(frame.mentions);
}

function isChanged(frame: Fields): boolean {
  return isId(frame.id) && isCount(frame.seq);
}

function isPage(frame: Fields): boolean {
  if (typeof frame.more !== 'boolean' || !isCount(frame.seq)) return false;
  return isRecord(frame.names) && Object.values(frame.names).every(isText);
}

/** Events come in order of seq; the client counts on it. */
function isRising(changes: unknown): boolean {
  const list = changes as readonly (readonly number[])[];
  return (
    list.length > 0 && list.every((change, at) => at === 0 || Number(change[0]) > Number(list[at - 1]?.[0]))
  );
}

function isChanges(value: unknown): boolean {
  return Array.isArray(value) && value.every(isChange);
}

function isChange(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 5) return false;
  const [seq, id, speaker, date, content, extra] = value as unknown[];
  if (!isCount(seq) || !isId(id) || !isCount(speaker) || !isNumber(date)) return false;
  return (isText(content) || content === 0) && isOptional(extra, isExtra);
}

function isExtra(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (!isOptional(value.ed, isNumber) || !isOptional(value.pin, isNumber)) return false;
  if (!isOptional(value.pic, isPicture)) return false;
  if (!isOptional(value.to, isId) || !isOptional(value.at, isCounts)) return false;
  return isOptional(value.img, isText) && isOptional(value.file, isFile) && isOptional(value.re, isReactions);
}

function isReactions(value: unknown): boolean {
  return Array.isArray(value) && value.every(isReaction);
}

function isReaction(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [emoji, count, users] = value as unknown[];
  return isText(emoji) && isCount(count) && isIds(users);
}

function isPicture(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [width, height, preview] = value as unknown[];
  return isId(width) && isId(height) && isOptional(preview, isText);
}

function isFile(value: unknown): boolean {
  return (
    isRecord(value) && isText(value.url) && isOptional(value.name, isText) && isOptional(value.size, isNumber)
  );
}

function isPerson(value: unknown): boolean {
  return Array.isArray(value) && isId(value[0]) && isText(value[1]);
}

const isList = (value: unknown, check: (value: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(check);
const isCounts = (value: unknown): boolean => isList(value, isCount);
const isIds = (value: unknown): boolean => isList(value, isId);
const isOptional = (value: unknown, check: (value: unknown) => boolean): boolean =>
  value === undefined || check(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => Number.isFinite(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isId = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) > 0;
const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
