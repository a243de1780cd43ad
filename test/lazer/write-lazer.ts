import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The columns of the original's tables, with the types of their configs. */
export const SCHEMAS = {
  classes: {
    id: 'integer',
    name: 'string',
    des: 'string',
    img: 'string',
    count: 'integer',
    super: 'integer',
    member: 'string',
    date: 'integer',
  },
  users: {
    id: 'integer',
    name: 'string',
    email: 'string',
    avatar: 'string',
    type: 'integer',
    pwd: 'string',
    class: 'string',
    date: 'integer',
  },
  threads: {
    id: 'integer',
    creator: 'integer',
    belong_class: 'integer',
    date: 'integer',
    name: 'string',
    pin: 'integer',
    report: 'string',
    message_count: 'integer',
  },
  messages: {
    id: 'integer',
    speaker: 'integer',
    speaker_name: 'string',
    is_super: 'integer',
    belong_class: 'integer',
    content: 'string',
    thread: 'integer',
    emoji_1: 'integer',
    emoji_2: 'integer',
    emoji_3: 'integer',
    img_url: 'string',
    date: 'integer',
    type: 'string',
    file_url: 'string',
    file_name: 'string',
    file_size: 'integer',
    log: 'integer',
  },
  logs: {
    id: 'integer',
    speaker: 'integer',
    speaker_name: 'string',
    belong_class: 'integer',
    content: 'string',
    thread: 'integer',
    date: 'integer',
  },
  marks: { id: 'integer', class: 'integer', user: 'integer', type: 'string', marker: 'integer' },
} as const;

export type LazerName = keyof typeof SCHEMAS;

/** How PHP wrote the file: `pretty` on many lines, `escapeUnicode` with every letter beyond ASCII as \u and "/" as \/. */
export interface Writing {
  readonly pretty?: boolean;
  readonly escapeUnicode?: boolean;
}

/** Writes both files of one table. `records` are taken as they are, wrong ones too. */
export function writeTable(
  dir: string,
  name: LazerName,
  records: readonly object[],
  options: Writing & { lastId?: number } = {},
): void {
  const ids = records.map((record) => Number('id' in record ? record.id : 0)).filter(Number.isFinite);
  writeConfig(dir, name, options.lastId ?? Math.max(0, ...ids));
  const [open, between, close] = brackets(options);
  const text = records.map((record) => encodeRecord(record, options)).join(between);
  writeFileSync(dataFile(dir, name), records.length === 0 ? '[]' : open + text + close);
}

export function writeConfig(dir: string, name: LazerName, lastId: number): void {
  mkdirSync(dir, { recursive: true });
  const config = { last_id: lastId, schema: SCHEMAS[name], relations: {} };
  writeFileSync(join(dir, `${name}.config.json`), JSON.stringify(config));
}

export const dataFile = (dir: string, name: LazerName): string => join(dir, `${name}.data.json`);

/** What stands before, between and after the records. */
export function brackets({ pretty }: Writing): readonly [open: string, between: string, close: string] {
  return pretty ? ['[\n    ', ',\n    ', '\n]'] : ['[', ',', ']'];
}

export function encodeRecord(record: object, { pretty, escapeUnicode }: Writing): string {
  const text = pretty ? JSON.stringify(record, null, 4).replaceAll('\n', '\n    ') : JSON.stringify(record);
  if (!escapeUnicode) return text;
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return text.replaceAll('/', '\\/').replace(/[\u0080-\uffff]/g, escaped);
}
