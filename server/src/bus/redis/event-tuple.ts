import type { Message } from '@pokers/protocol/message';
import { z } from 'zod';
import type { BusEvent } from '../bus.ts';

const int = z.int();
const maybeInt = int.nullable();
const maybeText = z.string().nullable();

/** A message as one list, without the names, which would be more than half of it. A new field goes to the end. */
const messageTuple = z.tuple([
  int, // id
  int, // seq
  int, // number
  int, // thread
  int, // class
  int, // speaker
  z.string(), // speaker_name
  maybeInt, // is_super
  z.enum(['text', 'file']),
  maybeText, // content
  maybeInt, // date
  maybeText, // img_url
  maybeText, // file_url
  maybeText, // file_name
  maybeInt, // file_size
  maybeInt, // emoji_1
  maybeInt, // emoji_2
  maybeInt, // emoji_3
  maybeInt, // log
  maybeInt, // edited
  maybeInt, // pinned
  z.array(z.tuple([z.string(), z.array(int)])),
  maybeInt, // deleted
  z.boolean(), // awaits_announce
  z.union([z.tuple([int, int]), z.tuple([int, int, z.string()])]).nullable(), // picture
  maybeInt.optional(), // reply; versions before 0007 do not say it
  z.array(int).optional(), // mentions
]);

/** An event as it travels between processes. */
const eventTuple = z.union([
  z.tuple([z.literal('c'), messageTuple]),
  z.tuple([z.literal('a'), messageTuple]),
  z.tuple([z.literal('u'), int]), // user
  z.tuple([z.literal('k'), int, maybeInt]), // class, user
  z.tuple([z.literal('s'), z.string(), maybeInt, z.unknown()]),
]);

export type EventTuple = z.infer<typeof eventTuple>;
type MessageTuple = z.infer<typeof messageTuple>;

export function toTuple(event: BusEvent): EventTuple {
  switch (event.kind) {
    case 'changed':
      return ['c', messageToTuple(event.message)];
    case 'announced':
      return ['a', messageToTuple(event.message)];
    case 'sessions-ended':
      return ['u', event.user];
    case 'class-changed':
      return ['k', event.class, event.user ?? null];
    case 'signal':
      return ['s', event.name, event.thread ?? null, event.body];
  }
}

/** Undefined for what is no event, or one that only a newer version knows. */
export function fromTuple(value: unknown): BusEvent | undefined {
  const { success, data } = eventTuple.safeParse(value);
  if (!success) return undefined;
  switch (data[0]) {
    case 'c':
      return { kind: 'changed', message: tupleToMessage(data[1]) };
    case 'a':
      return { kind: 'announced', message: tupleToMessage(data[1]) };
    case 'u':
      return { kind: 'sessions-ended', user: data[1] };
    case 'k': {
      const [, classroom, user] = data;
      return { kind: 'class-changed', class: classroom, ...(user !== null && { user }) };
    }
    case 's': {
      const [, name, thread, body] = data;
      return { kind: 'signal', name, ...(thread !== null && { thread }), body };
    }
  }
}

function messageToTuple(m: Message): MessageTuple {
  return [
    m.id,
    m.seq,
    m.number,
    m.thread,
    m.class,
    m.speaker,
    m.speaker_name,
    m.is_super,
    m.type,
    m.content,
    m.date,
    m.img_url,
    m.file_url,
    m.file_name,
    m.file_size,
    m.emoji_1,
    m.emoji_2,
    m.emoji_3,
    m.log,
    m.edited,
    m.pinned,
    m.reactions.map(([emoji, users]) => [emoji, [...users]]),
    m.deleted,
    m.awaits_announce,
    m.picture === null ? null : [...m.picture],
    m.reply,
    [...m.mentions],
  ];
}

function tupleToMessage(t: MessageTuple): Message {
  return {
    id: t[0],
    seq: t[1],
    number: t[2],
    thread: t[3],
    class: t[4],
    speaker: t[5],
    speaker_name: t[6],
    is_super: t[7],
    type: t[8],
    content: t[9],
    date: t[10],
    img_url: t[11],
    file_url: t[12],
    file_name: t[13],
    file_size: t[14],
    emoji_1: t[15],
    emoji_2: t[16],
    emoji_3: t[17],
    log: t[18],
    edited: t[19],
    pinned: t[20],
    reactions: t[21],
    deleted: t[22],
    awaits_announce: t[23],
    picture: t[24],
    reply: t[25] ?? null,
    mentions: t[26] ?? [],
  };
}
