/** The resources of the HTTP door. Times are Unix seconds; what has no value is left out. */
import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { countReactions, type Message, type PictureShape } from './message.ts';
import { idSchema } from './schemas.ts';
import {
  contentSchema,
  emojiSchema,
  fileSchema,
  mentionsSchema,
  nonceSchema,
  SAYS_NOTHING,
  saidSchema,
  saysSomething,
} from './v2.ts';

const id = idSchema;

export const PostMessageBody = z
  .strictObject({
    content: saidSchema,
    file: fileSchema.optional(),
    reply: id.optional().describe('the message of this thread that it answers'),
    mentions: mentionsSchema.optional(),
    nonce: nonceSchema.optional(),
    announce: z
      .boolean()
      .optional()
      .describe(
        'true: classic connections get the message at once. false (default): they get it when a classic client announces its id with `send`',
      ),
  })
  .refine(saysSomething, SAYS_NOTHING);

export const EditMessageBody = z.strictObject({
  content: contentSchema,
  mentions: mentionsSchema.optional().describe('whom it mentions from now on; without it, whom it did'),
  nonce: nonceSchema.optional(),
});
export const ReactBody = z.strictObject({
  emoji: emojiSchema,
  on: z.boolean(),
  nonce: nonceSchema.optional(),
});
export const PinBody = z.strictObject({ on: z.boolean(), nonce: nonceSchema.optional() });
export const ReadBody = z.strictObject({ message: id.describe('the last one that was read') });

export const UserView = z.object({
  id,
  name: z.string(),
  email: z.string(),
  head: z.boolean().describe('whether this account heads the server'),
});
export type UserView = z.infer<typeof UserView>;

export const SessionView = z.object({
  user: UserView,
  token: z.string().describe('for programs: send it as `Authorization: Bearer …`; browsers have the cookie'),
});
export type SessionView = z.infer<typeof SessionView>;

export const MessageView = z.object({
  id,
  seq: z.int().describe('the number of its last change in the thread'),
  thread: id,
  class: id,
  speaker: id,
  speaker_name: z.string(),
  is_super: z.int().describe('1 when the speaker was a teacher'),
  type: z.enum(['text', 'file']),
  content: z.string().optional(),
  date: z.int(),
  img_url: z.string().optional(),
  file_url: z.string().optional(),
  file_name: z.string().optional(),
  file_size: z.int().optional(),
  picture: z
    .object({ width: z.int(), height: z.int(), preview: z.string().optional() })
    .optional()
    .describe('of a picture that was uploaded here: pixels, and a ThumbHash in base64'),
  edited: z.int().optional(),
  pinned: z.int().optional().describe('when'),
  reply: id.optional().describe('the message that it answers'),
  mentions: z.array(z.int()).optional().describe('whom it mentions, by id; 0 is everyone'),
  reactions: z
    .array(z.object({ emoji: z.string(), count: z.int(), users: z.array(id) }))
    .optional()
    .describe(`who reacted; at most ${LIMITS.reactorsNamed} of them by id`),
  deleted: z.int().optional().describe('when; a deleted message has no content'),
});
export const ReactorsView = z.object({
  reactions: z.array(
    z.object({
      emoji: z.string(),
      count: z.int(),
      users: z
        .array(z.object({ id, name: z.string() }))
        .describe(`in the order in which they reacted, at most ${LIMITS.reactorsListed}`),
    }),
  ),
});
export type ReactorsView = z.infer<typeof ReactorsView>;

export const ReadView = z.object({
  thread: id,
  unread: z.int(),
  mentions: z.int().describe('of the unread ones those that mention you, or everyone'),
});

export const UnreadView = z.object({
  threads: z.array(
    z.object({
      class: id,
      thread: id,
      messages: z.int().describe('how many were posted'),
      unread: z.int(),
      mentions: z.int(),
    }),
  ),
});
export type UnreadView = z.infer<typeof UnreadView>;

export const StarsView = z.object({
  stars: z.array(
    z.object({
      id: id.describe('of the star: give the last one as `before` for the next page'),
      date: z.int().describe('when it was starred'),
      message: MessageView,
      thread_name: z.string(),
      class_name: z.string(),
    }),
  ),
  more: z.boolean(),
});
export type StarsView = z.infer<typeof StarsView>;

export const PinsView = z.object({ messages: z.array(MessageView).describe('the one pinned last first') });
export type PinsView = z.infer<typeof PinsView>;

export const ReadersView = z.object({
  readers: z.array(z.object({ id, name: z.string() })).describe('in order of id'),
  more: z.boolean(),
  count: z.int().describe('all who have read it, its speaker aside'),
  members: z.int().describe('all who could have'),
});
export type ReadersView = z.infer<typeof ReadersView>;
export type MessageView = z.infer<typeof MessageView>;

export const MessagesView = z.object({
  messages: z.array(MessageView),
  more: z.boolean().describe('whether there are older ones; with `after`: newer changes'),
  newer: z.boolean().optional().describe('true: there are newer ones'),
  seq: z.int().describe('with `after`: up to here everything was answered; else the thread’s newest'),
});
export type MessagesView = z.infer<typeof MessagesView>;

export const ErrorView = z.object({
  code: z.int().describe('the stable number; see the table of errors'),
  error: z.string().describe('its name'),
  msg: z.string().describe('what happened and what to do'),
});
export type ErrorView = z.infer<typeof ErrorView>;

export function toMessageView(message: Message): MessageView {
  const view: MessageView = {
    id: message.id,
    seq: message.seq,
    thread: message.thread,
    class: message.class,
    speaker: message.speaker,
    speaker_name: message.speaker_name,
    is_super: message.is_super ?? 0,
    type: message.type,
    date: message.date ?? 0,
  };
  if (message.deleted !== null) return { ...view, deleted: message.deleted };
  if (message.content !== null) view.content = message.content;
  if (message.edited !== null) view.edited = message.edited;
  if (message.pinned !== null) view.pinned = message.pinned;
  if (message.reply !== null) view.reply = message.reply;
  if (message.mentions.length > 0) view.mentions = [...message.mentions];
  if (message.reactions.length > 0) {
    view.reactions = countReactions(message.reactions).map(([emoji, count, users]) => ({
      emoji,
      count,
      users: [...users],
    }));
  }
  if (message.img_url !== null) view.img_url = message.img_url;
  if (message.file_url !== null) view.file_url = message.file_url;
  if (message.file_name !== null) view.file_name = message.file_name;
  if (message.file_size !== null) view.file_size = message.file_size;
  if (message.picture !== null) view.picture = toPictureView(message.picture);
  return view;
}

function toPictureView([width, height, preview]: PictureShape): NonNullable<MessageView['picture']> {
  return { width, height, ...(preview !== undefined && { preview }) };
}
