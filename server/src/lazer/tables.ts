import type { Columns, RowOf } from './columns.ts';

/**
 * The tables of the original that are group chat, with the columns that are imported, in the order of the import: what
 * is pointed to comes first. Not kept are `classes.count` and `threads.message_count`, which are counted anew, and
 * `threads.report`.
 */
export const TABLES = {
  classes: {
    id: 'id',
    name: 'text',
    des: 'text',
    img: 'text',
    super: 'integer',
    member: 'text',
    date: 'integer',
  },
  users: {
    id: 'id',
    name: 'text',
    email: 'text',
    avatar: 'text',
    type: 'integer',
    pwd: 'text',
    class: 'text',
    date: 'integer',
  },
  threads: {
    id: 'id',
    creator: 'integer',
    belong_class: 'reference',
    date: 'integer',
    name: 'text',
    pin: 'integer',
  },
  messages: {
    id: 'id',
    speaker: 'reference',
    speaker_name: 'text',
    is_super: 'integer',
    belong_class: 'reference',
    content: 'text',
    thread: 'reference',
    emoji_1: 'integer',
    emoji_2: 'integer',
    emoji_3: 'integer',
    img_url: 'text',
    date: 'integer',
    type: 'text',
    file_url: 'text',
    file_name: 'text',
    file_size: 'integer',
    log: 'integer',
  },
  logs: {
    id: 'id',
    speaker: 'integer',
    speaker_name: 'text',
    belong_class: 'integer',
    content: 'text',
    thread: 'integer',
    date: 'integer',
  },
  marks: { id: 'id', class: 'integer', user: 'integer', type: 'text', marker: 'integer' },
} as const satisfies Record<string, Columns>;

export type TableName = keyof typeof TABLES;
export type TableRow<N extends TableName> = RowOf<(typeof TABLES)[N]>;

export const TABLE_NAMES = Object.keys(TABLES) as TableName[];

/** An installation that never starred or logged anything may lack these. */
export const OPTIONAL: readonly TableName[] = ['logs', 'marks'];

/** Grades and reset codes: not part of group chat. */
export const FOREIGN: readonly string[] = ['series', 'topics', 'records', 'temp'];
