import { ERRORS } from '@pokers/protocol/codes';
import { encodeLeanEvents, fromLeanEvent } from '@pokers/protocol/lean';
import { type Change, encodeEvents, type Message, toChange } from '@pokers/protocol/message';
import { COMMANDS, type CommandName, EVENTS, REPLIES } from '@pokers/protocol/v2';
import type { z } from 'zod';
import { MESSAGE } from './example-message.ts';
import { descriptionOf, fieldTable } from './fields.ts';
import { code, frame } from './markdown.ts';

const THREAD = 'id of the thread';

/** What fields mean whose schemas do not say it. */
const COMMAND_MEANINGS = {
  ref: 'a number of your own; the reply carries it again',
  thread: THREAD,
  message: 'id of the message',
  on: 'true: put it there; false: take it off',
  class: 'id of the class',
  nonce: 'made by the client, new for each command; sent again, it has no second effect',
};
const REPLY_MEANINGS: { readonly [N in CommandName]: Readonly<Record<string, string>> } = {
  hello: { name: 'your name' },
  join: { thread: THREAD },
  leave: { thread: THREAD },
  post: { seq: 'the number of this change in the thread' },
  history: { thread: THREAD, messages: 'the page, oldest first' },
  resume: { thread: THREAD, changes: 'the page, in order of seq' },
  edit: {},
  delete: {},
  react: {},
  pin: {},
  star: { message: 'id of the message', on: 'whether it is starred now' },
  read: { thread: THREAD },
  watch: { on: 'as it was said' },
  typing: { thread: THREAD },
  presence: { class: 'its id' },
  ping: {},
};
const REF = { ref: 'the command’s' };

/** Another one for each command. */
const nonce = (number: number): string => `0f3c9a5e7d41b2860f3c9a5e7d41b2${number}`;
const { thread, content, id, seq, date, speaker, speaker_name } = MESSAGE;
const names = { [speaker]: speaker_name };
const text = content ?? '';

const COMMAND_EXAMPLES = {
  hello: { action: 'hello', ref: 1 },
  join: { action: 'join', ref: 2, thread },
  leave: { action: 'leave', ref: 7, thread },
  post: { action: 'post', ref: 4, thread, content: text, nonce: nonce(81) },
  history: { action: 'history', ref: 3, thread, limit: 1 },
  resume: { action: 'resume', ref: 5, thread, after: seq - 1 },
  edit: { action: 'edit', ref: 8, message: id, content: 'Page 43.', nonce: nonce(82) },
  delete: { action: 'delete', ref: 9, message: id, nonce: nonce(83) },
  react: { action: 'react', ref: 10, message: id, emoji: '👍', on: true, nonce: nonce(84) },
  pin: { action: 'pin', ref: 11, message: id, on: true, nonce: nonce(85) },
  star: { action: 'star', ref: 13, message: id, on: true },
  read: { action: 'read', ref: 12, thread, message: id },
  watch: { action: 'watch', ref: 14, on: true },
  typing: { action: 'typing', ref: 15, thread },
  presence: { action: 'presence', ref: 16, class: 3, on: true },
  ping: { action: 'ping', ref: 6 },
} as const satisfies { [N in CommandName]: z.infer<(typeof COMMANDS)[N]> };

const REPLY_EXAMPLES = {
  hello: {
    op: 'hello',
    ref: 1,
    user: speaker,
    name: speaker_name,
    epoch: '94c2a05c-1b84-4f79-8202-27fa45d335b2',
    time: date,
  },
  join: { op: 'join', ref: 2, thread, seq: seq - 1 },
  leave: { op: 'leave', ref: 7, thread },
  post: { op: 'post', ref: 4, id, seq, date: date ?? 0 },
  history: { op: 'history', ref: 3, thread, messages: [toChange(MESSAGE)], names, more: true, seq },
  resume: { op: 'resume', ref: 5, thread, changes: [toChange(MESSAGE)], names, more: false, seq },
  edit: { op: 'edit', ref: 8, id, seq: seq + 1 },
  delete: { op: 'delete', ref: 9, id, seq: seq + 4 },
  react: { op: 'react', ref: 10, id, seq: seq + 2 },
  pin: { op: 'pin', ref: 11, id, seq: seq + 3 },
  star: { op: 'star', ref: 13, message: id, on: true },
  read: { op: 'read', ref: 12, thread, unread: 0, mentions: 0 },
  watch: { op: 'watch', ref: 14, on: true },
  typing: { op: 'typing', ref: 15, thread },
  presence: { op: 'presence', ref: 16, class: 3, here: [speaker, 31], count: 2 },
  ping: { op: 'ping', ref: 6 },
} as const;

const EVENT_EXAMPLE = JSON.parse(encodeEvents(thread, [toChange(MESSAGE)]));

const ERROR_EXAMPLE = {
  op: 'error',
  ref: 4,
  code: ERRORS.thread_not_found.code,
  error: 'thread_not_found',
  msg: ERRORS.thread_not_found.message,
};

/** Every command with its reply: fields and an example of both. */
export function commandSections(): string {
  return (Object.keys(COMMANDS) as CommandName[])
    .map((name) =>
      [
        `### ${name}`,
        descriptionOf(COMMANDS[name]),
        fieldTable(COMMANDS[name], COMMAND_MEANINGS),
        checked(COMMANDS[name], COMMAND_EXAMPLES[name]),
        'The reply:',
        fieldTable(REPLIES[name], { ...REF, ...REPLY_MEANINGS[name] }),
        checked(REPLIES[name], REPLY_EXAMPLES[name]),
      ].join('\n\n'),
    )
    .join('\n\n');
}

export function eventSection(): string {
  return section(EVENTS.ev, EVENT_EXAMPLE);
}

export function leftSection(): string {
  return section(EVENTS.left, {
    op: 'left',
    thread,
    code: 102,
    error: 'thread_not_found',
    msg: ERRORS.thread_not_found.message,
  });
}

export function classSection(): string {
  return section(EVENTS.class, { op: 'class', class: 3 });
}

export function seenSection(): string {
  return section(EVENTS.seen, { op: 'seen', thread, message: id, unread: 0, mentions: 0 });
}

export function starredSection(): string {
  return section(EVENTS.starred, { op: 'starred', message: id, on: true });
}

export function newsSection(): string {
  return section(EVENTS.news, { op: 'news', threads: [[3, thread + 1, 812, 1]] });
}

export function typistsSection(): string {
  return section(EVENTS.typists, { op: 'typists', t: thread, u: [[speaker, speaker_name]] });
}

export function hereSection(): string {
  return section(EVENTS.here, { op: 'here', class: 3, came: [speaker], left: [31] });
}

export function errorSection(): string {
  return section(EVENTS.error, ERROR_EXAMPLE);
}

/** One event for an edit, a reaction and a pin: what the server sends after it looked into its store. */
export function editExample(): string {
  const at = date ?? 0;
  const edited: Message = {
    ...MESSAGE,
    seq: seq + 3,
    content: 'Page 43.',
    edited: at + 60,
    pinned: at + 80,
    reactions: [['👍', [speaker]]],
  };
  return checked(EVENTS.ev, JSON.parse(encodeEvents(thread, [toChange(edited)], seq)));
}

export function deletionExample(): string {
  const deleted: Message = { ...MESSAGE, seq: seq + 4, content: null, deleted: (date ?? 0) + 90 };
  return checked(EVENTS.ev, JSON.parse(encodeEvents(thread, [toChange(deleted)])));
}

/** Three posts close together, in steps: the same as `plainExample`. */
export function leanExample(): string {
  const lean = JSON.parse(encodeLeanEvents(thread, together()));
  if (!Bun.deepEquals(fromLeanEvent(lean).e, together())) throw new Error('the steps do not lead back');
  return frame(lean);
}

export function plainExample(): string {
  return checked(EVENTS.ev, JSON.parse(encodeEvents(thread, together())));
}

function together(): Change[] {
  const at = date ?? 0;
  const second: Message = { ...MESSAGE, id: id + 1, seq: seq + 1, speaker: 31, content: 'Page 43!' };
  const third: Message = { ...second, id: id + 4, seq: seq + 2, content: 'At the top.', date: at + 2 };
  return [MESSAGE, second, third].map(toChange);
}

function section(schema: z.ZodType, example: object): string {
  return [
    descriptionOf(schema),
    fieldTable(schema, {
      ...REF,
      thread: THREAD,
      class: 'its id',
      unread: 'messages that are still unread',
      mentions: 'of them those that mention you, or everyone',
      message: 'id of the message',
      on: 'whether it is starred now',
    }),
    checked(schema, example),
  ].join('\n\n');
}

/** The example as a frame. @throws where it is not exactly what the schema describes */
function checked(schema: z.ZodType, example: object): string {
  const parsed = schema.parse(example);
  if (!Bun.deepEquals(parsed, example))
    throw new Error(`more than the schema knows: ${code(JSON.stringify(example))}`);
  return frame(example);
}
