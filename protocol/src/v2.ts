/** The v2 dialect: commands up, replies and events down. One schema gives the type, the check and the document. */
import { z } from 'zod';
import { countChars, LIMITS } from './limits.ts';
import type { Change } from './message.ts';

export const SUBPROTOCOL = 'pokers.v2';

const id = z.int().positive();
const ref = z
  .int()
  .nonnegative()
  .optional()
  .describe('a number of the client’s own; the reply carries it again. Without it the reply has none');

/** Whether there is anything to see: more than blanks, control and format characters. */
export function isVisible(text: string): boolean {
  return /[^\s\p{Cc}\p{Cf}]/u.test(text);
}

const tooLong = [
  (text: string) => countChars(text) <= LIMITS.contentChars,
  { error: `must be at most ${LIMITS.contentChars} characters`, params: { tooLong: true } },
] as const;

/** A text of a message: not blank, and no longer than the limit counts. */
export const contentSchema = z
  .string()
  .refine(isVisible, 'must not be blank')
  .refine(...tooLong)
  .describe(`1 to ${LIMITS.contentChars} characters, not only blanks`);

/** Whom a message calls by name. */
export const mentionsSchema = z
  .array(z.int().nonnegative())
  .max(LIMITS.mentionsPerMessage)
  .describe('members of the class by id; 0 is everyone, for teachers only');

export const nonceSchema = z
  .string()
  .min(1)
  .max(LIMITS.nonceChars)
  .describe('made by the client, new for each post; sending it again stores nothing twice');

/** What a post says: with a file it may say nothing. */
export const saidSchema = z
  .string()
  .refine(...tooLong)
  .describe(`1 to ${LIMITS.contentChars} characters, not only blanks; with a picture it may be empty`);

/** A file that the speaker uploaded to the class: it is attached once, to this message. */
export const fileSchema = id.describe(
  'the id of a [file](#files) of one’s own, uploaded to this class and not posted yet; one that is no picture goes without words',
);

/** A post without a file says something. */
export function saysSomething({ content, file }: { content: string; file?: number | undefined }): boolean {
  return file !== undefined || isVisible(content);
}
export const SAYS_NOTHING = { error: 'must not be blank', path: ['content'] };

/** One emoji as a person sees it, however many code points it has. */
export const emojiSchema = z
  .string()
  .max(LIMITS.emojiUnits)
  .refine(isEmoji, 'must be one emoji')
  .describe('one emoji');

export const COMMANDS = {
  hello: z
    .strictObject({
      action: z.literal('hello'),
      ref,
      token: z
        .string()
        .max(512)
        .optional()
        .describe('a session token, where the upgrade carried neither cookie nor bearer token'),
      lean: z
        .boolean()
        .optional()
        .describe('true: frames may come in the [lean form](#the-lean-form). The first hello decides it'),
    })
    .describe('First of all: who am I? Nothing but ping works before it.'),
  join: z
    .strictObject({ action: z.literal('join'), ref, thread: id })
    .describe('Receive what happens in a thread from now on. Joining again changes nothing.'),
  leave: z.strictObject({ action: z.literal('leave'), ref, thread: id }).describe('Receive no more of it.'),
  post: z
    .strictObject({
      action: z.literal('post'),
      ref,
      thread: id,
      content: saidSchema,
      file: fileSchema.optional(),
      reply: id.optional().describe('the message of this thread that it answers'),
      mentions: mentionsSchema.optional(),
      nonce: nonceSchema,
    })
    .refine(saysSomething, SAYS_NOTHING)
    .describe(
      'Say something. The reply comes after the message is on disk; everyone in the thread gets the event.',
    ),
  history: z
    .strictObject({
      action: z.literal('history'),
      ref,
      thread: id,
      before: id.optional().describe('a message id; only older ones are answered. Without any: the newest'),
      from: id.optional().describe('a message id; it and newer ones are answered'),
      around: id.optional().describe('a message id; those before it, and it and those after it'),
      date: z
        .int()
        .nonnegative()
        .optional()
        .describe('Unix seconds; as `around` the first message of this time or later'),
      limit: z
        .int()
        .min(1)
        .max(LIMITS.historyPageMax)
        .optional()
        .describe(`default ${LIMITS.historyPageDefault}`),
    })
    .describe(
      'A page of messages, oldest first, deleted ones included as tombstones. At most one of before, from, around, date.',
    ),
  resume: z
    .strictObject({
      action: z.literal('resume'),
      ref,
      thread: id,
      after: z.int().nonnegative().describe('the last seq that the client has applied'),
    })
    .describe('Every message that changed after a seq, in its present state, in order of seq.'),
  edit: z
    .strictObject({
      action: z.literal('edit'),
      ref,
      message: id,
      content: contentSchema,
      mentions: mentionsSchema.optional().describe('whom it mentions from now on; without it, whom it did'),
      nonce: nonceSchema,
    })
    .describe('Give a message of one’s own another text.'),
  delete: z
    .strictObject({ action: z.literal('delete'), ref, message: id, nonce: nonceSchema })
    .describe('Take a message away: one’s own, or as a teacher anyone’s. A tombstone stays.'),
  react: z
    .strictObject({
      action: z.literal('react'),
      ref,
      message: id,
      emoji: emojiSchema,
      on: z.boolean(),
      nonce: nonceSchema,
    })
    .describe('Put an emoji on a message, or take one’s own off.'),
  pin: z
    .strictObject({ action: z.literal('pin'), ref, message: id, on: z.boolean(), nonce: nonceSchema })
    .describe('Pin a message to its thread, or unpin it. For teachers.'),
  star: z
    .strictObject({ action: z.literal('star'), ref, message: id, on: z.boolean() })
    .describe('Keep a message among one’s own starred ones, or no longer. Nobody else sees it.'),
  read: z
    .strictObject({ action: z.literal('read'), ref, thread: id, message: id })
    .describe('I have read up to this message. Going back changes nothing.'),
  watch: z
    .strictObject({ action: z.literal('watch'), ref, on: z.boolean() })
    .describe(
      'Hear by `news` what is posted in all classes of mine, in threads that this connection has not joined; or no longer.',
    ),
  typing: z
    .strictObject({ action: z.literal('typing'), ref, thread: id })
    .describe('I am typing. Say it again every 3 seconds while it is so; nobody is told that it has ended.'),
  presence: z
    .strictObject({ action: z.literal('presence'), ref, class: id, on: z.boolean() })
    .describe(
      'Who of a class is here? With `on`, hear from now on by `here` who comes and goes, in this class and no other.',
    ),
  ping: z.strictObject({ action: z.literal('ping'), ref }).describe('Is anyone there?'),
} as const;

export type CommandName = keyof typeof COMMANDS;
export type Command<N extends CommandName = CommandName> = z.infer<(typeof COMMANDS)[N]>;

const change = z
  .custom<Change>((value) => Array.isArray(value) && (value.length === 5 || value.length === 6))
  .describe('[seq, id, speaker, date, content, extra?]');
const names = z
  .record(z.string(), z.string())
  .describe('the names of those who speak on this page, by user id');

const changed = {
  id: id.describe('the message'),
  seq: z.int().describe('of its last change: this one, or a later one where this was sent again'),
};

export const REPLIES = {
  hello: z.object({
    op: z.literal('hello'),
    ref,
    user: id.describe('who you are'),
    name: z.string(),
    epoch: z.string().describe('changes when the database is replaced: then forget everything and load anew'),
    time: z.int().describe('the server’s clock, Unix seconds'),
  }),
  join: z.object({
    op: z.literal('join'),
    ref,
    thread: id,
    seq: z.int().describe('the thread’s newest seq: what is missing up to here comes with history or resume'),
  }),
  leave: z.object({ op: z.literal('leave'), ref, thread: id }),
  post: z.object({
    op: z.literal('post'),
    ref,
    id: id.describe('the message’s id'),
    seq: z.int(),
    date: z.int().describe('Unix seconds'),
  }),
  history: z.object({
    op: z.literal('history'),
    ref,
    thread: id,
    messages: z.array(change),
    names,
    more: z.boolean().describe('whether there are older ones'),
    newer: z.boolean().optional().describe('true: there are newer ones'),
    seq: z.int().describe('the thread’s seq when this page was read'),
  }),
  resume: z.object({
    op: z.literal('resume'),
    ref,
    thread: id,
    changes: z.array(change),
    names,
    more: z.boolean().describe('whether to ask again, after this page’s last seq'),
    seq: z
      .int()
      .describe(
        'the seq up to which the client now holds everything; below `after`: its history is another one, load anew',
      ),
  }),
  edit: z.object({ op: z.literal('edit'), ref, ...changed }),
  delete: z.object({ op: z.literal('delete'), ref, ...changed }),
  react: z.object({ op: z.literal('react'), ref, ...changed }),
  pin: z.object({ op: z.literal('pin'), ref, ...changed }),
  star: z.object({ op: z.literal('star'), ref, message: id, on: z.boolean() }),
  read: z.object({
    op: z.literal('read'),
    ref,
    thread: id,
    unread: z.int().describe('messages of the thread that are still unread'),
    mentions: z.int().describe('of them those that mention you, or everyone'),
  }),
  watch: z.object({ op: z.literal('watch'), ref, on: z.boolean() }),
  typing: z.object({ op: z.literal('typing'), ref, thread: id }),
  presence: z.object({
    op: z.literal('presence'),
    ref,
    class: id,
    here: z.array(id).describe(`members who are connected, at most ${LIMITS.hereNamed}`),
    count: z.int().describe('how many are'),
  }),
  ping: z.object({ op: z.literal('ping'), ref }),
} as const satisfies Record<CommandName, z.ZodType>;

export type Reply<N extends CommandName = CommandName> = z.infer<(typeof REPLIES)[N]>;

export const EVENTS = {
  ev: z
    .object({
      op: z.literal('ev'),
      t: id.describe('the thread'),
      e: z.array(change).min(1).describe('changes, in order of seq'),
      s: z
        .int()
        .optional()
        .describe('where present, `e` is all that changed after this seq; else each follows the one before'),
    })
    .describe('Something changed in a thread that this connection joined.'),
  left: z
    .object({
      op: z.literal('left'),
      thread: id,
      code: z.int().describe('why: the number of an error'),
      error: z.string().describe('its name'),
      msg: z.string().describe('what happened and what to do'),
    })
    .describe('The right to hear a thread has ended: nothing more comes of it.'),
  class: z
    .object({ op: z.literal('class'), class: id })
    .describe(
      'A class of yours is another: its settings, threads or members, or what you are in it. Ask anew.',
    ),
  seen: z
    .object({
      op: z.literal('seen'),
      thread: id,
      message: id.describe('the last one that was read'),
      unread: z.int(),
      mentions: z.int(),
    })
    .describe('You have read this far, on another connection of yours.'),
  starred: z
    .object({ op: z.literal('starred'), message: id, on: z.boolean() })
    .describe('You have starred a message on another connection of yours, or no longer.'),
  news: z
    .object({
      op: z.literal('news'),
      threads: z
        .array(z.tuple([id, id, z.int().positive(), z.int()]))
        .min(1)
        .describe(
          '`[class, thread, messages, mentions]`: how many messages the thread has now, and how many of the new ones mention you, or everyone',
        ),
    })
    .describe(
      'Something was posted in threads of your classes that this connection has not joined. After `watch`; at most one a second or so.',
    ),
  typists: z
    .object({
      op: z.literal('typists'),
      t: id.describe('the thread'),
      u: z
        .array(z.tuple([id, z.string()]))
        .min(1)
        .describe('`[id, name]` of some who type, maybe you'),
    })
    .describe(
      'Someone types in a thread that this connection joined. Show it for 8 seconds, or until they post.',
    ),
  here: z
    .object({
      op: z.literal('here'),
      class: id,
      came: z.array(id).describe('who is connected now'),
      left: z.array(id).describe('who is not any more'),
    })
    .describe('Members of a class came or went. After `presence`; at most every two seconds or so.'),
  error: z
    .object({
      op: z.literal('error'),
      ref,
      code: z.int().describe('the stable number'),
      error: z.string().describe('its name'),
      msg: z.string().describe('what happened and what to do'),
    })
    .describe('The answer to a command that failed. The connection stays usable.'),
} as const;

export type Event = z.infer<typeof EVENTS.ev>;
export type Left = z.infer<typeof EVENTS.left>;
export type ClassChange = z.infer<typeof EVENTS.class>;
export type Seen = z.infer<typeof EVENTS.seen>;
export type Starred = z.infer<typeof EVENTS.starred>;
/** What is said aside: it is stored nowhere, may be late, and may be lost. */
export type Aside = z.infer<typeof EVENTS.news | typeof EVENTS.typists | typeof EVENTS.here>;
export type ErrorReply = z.infer<typeof EVENTS.error>;
export type ServerFrame = Reply | Event | Left | ClassChange | Seen | Starred | Aside | ErrorReply;

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3/u;

function isEmoji(text: string): boolean {
  return PICTURE.test(text) && [...GRAPHEMES.segment(text)].length === 1;
}
