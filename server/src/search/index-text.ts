import type { Message } from '@pokers/protocol/message';
import type { Has } from '@pokers/protocol/search';
import type { IndexQuery } from './search-index.ts';
import { tokensOf } from './tokens.ts';

/** What of a message is searched. */
export type Searchable = Pick<
  Message,
  'class' | 'thread' | 'speaker' | 'content' | 'img_url' | 'file_url' | 'file_name'
>;

/**
 * Words that no text has, since a low line only separates: what a message belongs to, and a stop between texts. All begin
 * alike, so that they are one entry in the index of beginnings.
 */
const MARK = '___';
const STOP = '_';
const OF_CLASS = `${MARK}c`;
const OF_THREAD = `${MARK}t`;
const OF_SPEAKER = `${MARK}u`;
const WITH: Record<Has, string> = { link: `${MARK}hl`, image: `${MARK}hi`, file: `${MARK}hf` };

const LINK = /\bhttps?:\/\/\S|\bwww\.\S/i;

/** A message as words with blanks between them. */
export function indexText(message: Searchable): string {
  const words = [
    `${OF_CLASS}${message.class}`,
    `${OF_THREAD}${message.thread}`,
    `${OF_SPEAKER}${message.speaker}`,
  ];
  for (const has of ['link', 'image', 'file'] as const) if (hasIt(message, has)) words.push(WITH[has]);
  for (const { text } of tokensOf(message.content ?? '')) words.push(text);
  if (message.file_name !== null) {
    words.push(STOP);
    for (const { text } of tokensOf(message.file_name)) words.push(text);
  }
  return words.join(' ');
}

/** Whether a message has what is asked for beside its words. */
export function hasIt(message: Searchable, has: Has): boolean {
  if (has === 'link') return LINK.test(message.content ?? '');
  return (has === 'image' ? message.img_url : message.file_url) !== null;
}

/**
 * The query in FTS5's words: tokens are letters, digits and pictographs, so no text can be an operator.
 * @param inClasses whether it asks for the classes, too; without, the caller has to look, and the text can be empty
 */
export function matchText({ phrases, classes, thread, from, has }: IndexQuery, inClasses: boolean): string {
  const words: string[] = [];
  if (thread !== undefined) words.push(`${OF_THREAD}${thread}`);
  else if (inClasses) words.push(anyOf(classes));
  if (from !== undefined) words.push(`${OF_SPEAKER}${from}`);
  if (has !== undefined) words.push(WITH[has]);
  for (const { tokens, isOpen } of phrases) words.push(`"${tokens.join(' ')}"${isOpen ? ' *' : ''}`);
  return words.join(' AND ');
}

function anyOf(classes: readonly number[]): string {
  return `(${classes.map((id) => `${OF_CLASS}${id}`).join(' OR ')})`;
}
