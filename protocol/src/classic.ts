/** The classic dialect: what a server of the original said, byte for byte. Rules: docs/protocol.md. */
import { CLASSIC_JOINED, CLASSIC_SENT, ERRORS } from './codes.ts';
import type { Message } from './message.ts';

/** Seconds between two heartbeats to every classic connection. */
export const CLASSIC_KEEP_SECONDS = 55;

export const CLASSIC_CONNECT = '{"op":"connect","status":true}';
export const CLASSIC_KEEP = '{"op":"keep"}';
export const CLASSIC_SENT_OK = `{"op":"send","status":true,"code":${CLASSIC_SENT}}`;

const failure = (op: string, code: number, msg: string): string =>
  JSON.stringify({ op, status: false, code, msg });

/** The answers to a request that fails a check, in the order of the checks. The texts are the original's. */
export const CLASSIC_FAILURES = {
  bad_request: failure('send', ERRORS.bad_request.code, 'Illegal request'),
  class_not_found: failure('send', ERRORS.class_not_found.code, 'Class does not exist'),
  thread_not_found: failure('send', ERRORS.thread_not_found.code, 'Thread does not exist'),
  not_a_member: failure('send', ERRORS.not_a_member.code, 'User does not exist or not in the class'),
  unknown_action: failure('send', ERRORS.unknown_action.code, 'Illegal request'),
  message_not_found: failure('sent', ERRORS.message_not_found.code, 'Illegal Request'),
} as const;

export type ClassicFailure = keyof typeof CLASSIC_FAILURES;

/** `thread` is echoed as the client wrote it: a string stays a string. */
export function classicJoined(thread: string | number): string {
  return JSON.stringify({ op: 'join', thread, status: true, code: CLASSIC_JOINED });
}

/** The bare record that classic connections receive for a message. */
export function classicRecord(message: Message): string {
  return JSON.stringify({
    id: message.id,
    speaker: message.speaker,
    speaker_name: message.speaker_name,
    is_super: message.is_super,
    belong_class: message.class,
    content: message.content,
    thread: message.thread,
    emoji_1: message.emoji_1,
    emoji_2: message.emoji_2,
    emoji_3: message.emoji_3,
    img_url: message.img_url,
    date: message.date,
    type: message.type,
    file_url: message.file_url,
    file_name: message.file_name,
    file_size: message.file_size,
    log: message.log,
  });
}

/** What counts as absent in a classic request: missing, null, "", 0, "0", false, []. */
export function isClassicEmpty(value: unknown): boolean {
  if (
    value === undefined ||
    value === null ||
    value === '' ||
    value === 0 ||
    value === '0' ||
    value === false
  )
    return true;
  return Array.isArray(value) && value.length === 0;
}

/** The id that a classic field means: a JSON number or a numeric string; undefined where it can name nothing. */
export function classicId(value: unknown): number | undefined {
  if (typeof value !== 'number' && !(typeof value === 'string' && /^\d{1,16}$/.test(value))) return undefined;
  const id = Number(value);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}
