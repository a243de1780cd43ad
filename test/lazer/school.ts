import { Database } from 'bun:sqlite';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportSummary, importLazer } from '@pokers/server/lazer/import-lazer';
import { migrate } from '@pokers/server/store/sqlite/database';
import { type LazerName, type Writing, writeTable } from './write-lazer.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

type Fields = Readonly<Record<string, unknown>>;

/** Ms Li teaches class 1, which she heads; Ming and 小红 learn in it, 小红 in class 2 as well, which nobody heads. */
export const SCHOOL = {
  classes: [
    {
      id: 1,
      name: '高一(1)班',
      des: '好好学习',
      img: '/img/1.png',
      count: 3,
      super: 1,
      member: '1,2,3',
      date: 1_568_000_000,
    },
    { id: 2, name: 'Chess', des: null, img: null, count: 1, super: null, member: '3', date: 1_568_000_001 },
  ],
  users: [
    {
      id: 1,
      name: 'Ms Li',
      email: 'Li@School.example',
      avatar: '/a/1.png',
      type: 2,
      pwd: md5('li'),
      class: '1',
      date: 1_567_000_001,
    },
    {
      id: 2,
      name: 'Ming',
      email: 'ming@school.example',
      avatar: null,
      type: 1,
      pwd: md5('ming'),
      class: '1',
      date: 1_567_000_002,
    },
    {
      id: 3,
      name: '小红',
      email: 'hong@school.example',
      avatar: null,
      type: 1,
      pwd: md5('hong'),
      class: '1,2',
      date: 1_567_000_003,
    },
  ],
  threads: [
    {
      id: 1,
      creator: 1,
      belong_class: 1,
      date: 1_568_100_000,
      name: '作业',
      pin: 2,
      report: null,
      message_count: 3,
    },
    {
      id: 4,
      creator: 3,
      belong_class: 2,
      date: 1_568_100_001,
      name: 'Openings',
      pin: 0,
      report: null,
      message_count: 1,
    },
  ],
  messages: [
    message({ id: 1, speaker: 1, speaker_name: 'Ms Li', is_super: 1, content: '明天交作业' }),
    message({ id: 2, content: 'see a/b &amp; <c>', emoji_1: 2, img_url: '/img/2.png', log: 14 }),
    message({ id: 5, speaker: 3, speaker_name: '小红', belong_class: 2, thread: 4, content: 'e4 e5 😀' }),
    message({
      id: 7,
      type: 'file',
      content: null,
      file_url: '/f/7.pdf',
      file_name: '答案.pdf',
      file_size: 1234,
      emoji_3: null,
    }),
  ],
  logs: [
    {
      id: 14,
      speaker: 2,
      speaker_name: 'Ming',
      belong_class: 1,
      content: 'sent',
      thread: 1,
      date: 1_568_471_849,
    },
  ],
  marks: [{ id: 1, class: 1, user: 2, type: 'user', marker: 3 }],
} as const satisfies Record<LazerName, readonly Fields[]>;

/** Ming's, at noon in class 1, unless told otherwise. */
export function message({ id, ...fields }: Fields & { id: number }): Fields {
  return {
    id,
    speaker: 2,
    speaker_name: 'Ming',
    is_super: 0,
    belong_class: 1,
    content: 'hello',
    thread: 1,
    emoji_1: 0,
    emoji_2: 0,
    emoji_3: 0,
    img_url: null,
    date: 1_568_471_849 + id,
    type: 'text',
    file_url: null,
    file_name: null,
    file_size: null,
    log: null,
    ...fields,
  };
}

/** A Lazer folder of the school and a data folder to import it into, both in a temporary place. */
export class Move {
  readonly root = mkdtempSync(join(tmpdir(), 'pokers-lazer-'));
  readonly from = join(this.root, 'old');
  readonly into = join(this.root, 'data');

  constructor(changes: Partial<Record<LazerName, readonly Fields[]>> = {}, writing: Writing = {}) {
    this.write({ ...SCHOOL, ...changes }, writing);
  }

  write(
    tables: Partial<Record<LazerName, readonly Fields[]>>,
    writing: Writing & { lastId?: number } = {},
  ): void {
    for (const [name, records] of Object.entries(tables))
      writeTable(this.from, name as LazerName, records, writing);
  }

  import(): Promise<ImportSummary> {
    return importLazer({ from: this.from, into: this.into });
  }

  /** Makes the data folder, as a server that was started once leaves it. */
  async prepare(): Promise<void> {
    mkdirSync(this.into);
    await migrate(this.into);
  }

  /** The message of the error that the import ends with. */
  async failure(): Promise<string> {
    const outcome = await this.import().catch((error: unknown) => error);
    if (outcome instanceof Error) return outcome.message;
    throw new Error('the import went through');
  }

  query<Row = Fields>(sql: string): Row[] {
    const db = new Database(join(this.into, 'pokers.db'));
    try {
      return db.query<Row, []>(sql).all();
    } finally {
      db.close();
    }
  }

  run(sql: string): void {
    const db = new Database(join(this.into, 'pokers.db'));
    db.run(sql);
    db.close();
  }

  /** Everything that the import could change, to compare. */
  everything(): Record<string, unknown[]> {
    const tables = [
      'users',
      'accounts',
      'classes',
      'members',
      'threads',
      'messages',
      'logs',
      'stars',
      'sqlite_sequence',
    ];
    return Object.fromEntries(
      tables.map((table) => [table, this.query(`select * from ${table} order by 1, 2`)]),
    );
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
