import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import {
  brackets,
  dataFile,
  encodeRecord,
  type LazerName,
  type Writing,
  writeConfig,
} from './write-lazer.ts';

export interface LazerSize extends Writing {
  readonly users: number;
  readonly classes: number;
  readonly threads: number;
  readonly messages: number;
  /** The same seed and sizes make the same bytes. */
  readonly seed: number;
}

/** What was made; all of it fits together, so all of it should be imported. */
export interface MadeLazer {
  readonly dir: string;
  readonly users: number;
  readonly classes: number;
  readonly memberships: number;
  readonly threads: number;
  readonly messages: number;
  readonly logs: number;
  readonly marks: number;
  /** Of all data files together. */
  readonly bytes: number;
}

const FIRST_DATE = 1_546_300_800; // 2019-01-01, UTC
const NAMES = ['Ming', '李小红', 'Anna', '王伟', 'Tom', '陈静', 'Zoë', '欧阳明日'];
const TITLES = ['Homework', '数学作业', 'Sports day', '班会通知', 'Biology / 生物', '期末复习'];
const PHRASES = [
  '明天上午交作业,别忘了。',
  'Who has the notes from Friday?',
  '老师,这道题我不会做 😭',
  'see https://example.org/a/b?c=1&amp;d=2',
  '收到',
  'I think the answer is "42" \\ maybe.',
  '大家晚上好!今天的复习资料已经上传到群文件里了,请同学们自行下载。',
  'ok',
  '&lt;b&gt;not bold&lt;/b&gt;',
  '第一行\n第二行',
];

/** The password behind the hash of a user that `makeLazer` made. */
export const passwordOf = (user: number): string => `password-${user}`;

/**
 * Writes a folder as the original left it: people with Chinese and English names in one to three classes, threads in
 * them, and messages by their members, with gaps in the ids where some were deleted. Writes as it goes, so that a
 * million messages need no memory.
 */
export async function makeLazer(dir: string, size: LazerSize): Promise<MadeLazer> {
  const random = randomNumbers(size.seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;

  const nameOf = (user: number): string => `${NAMES[user % NAMES.length]} ${user}`;
  const isTeacher = (user: number): boolean => user % 20 === 1;
  const members: number[][] = Array.from({ length: size.classes + 1 }, () => []);
  const classesOf: number[][] = [[]];
  for (let user = 1; user <= size.users; user++) {
    const own = new Set([
      ((user - 1) % size.classes) + 1,
      ...Array.from({ length: below(3) }, () => below(size.classes) + 1),
    ]);
    classesOf.push([...own]);
    for (const id of own) members[id]?.push(user);
  }

  const tables: Record<LazerName, { count: number; record(index: number): { id: number } }> = {
    classes: {
      count: size.classes,
      record: (id) => ({
        id,
        name: `Class ${id} 班`,
        des: id % 3 === 0 ? '' : '努力学习 / work hard',
        img: `/uploads/class/${id}.png`,
        count: members[id]?.length ?? 0,
        super: members[id]?.[0] ?? null,
        member: members[id]?.join(','),
        date: FIRST_DATE + id,
      }),
    },
    users: {
      count: size.users,
      record: (id) => ({
        id,
        name: nameOf(id),
        email: `Person${id}@Example.org`,
        avatar: id % 2 ? `/uploads/avatar/${id}.jpg` : null,
        type: isTeacher(id) ? 2 : 1,
        pwd: createHash('md5').update(passwordOf(id)).digest('hex'),
        class: classesOf[id]?.join(','),
        date: FIRST_DATE + 1_000 + id,
      }),
    },
    threads: {
      count: size.threads,
      record: (id) => {
        const classroom = classOfThread(id, size);
        const creator = members[classroom]?.[0] ?? null;
        return {
          id,
          creator,
          belong_class: classroom,
          date: FIRST_DATE + 5_000 + id,
          name: pick(TITLES),
          pin: id % 4 ? 0 : null,
          report: null,
          message_count: 0,
        };
      },
    },
    messages: {
      count: size.messages,
      record: (index) => {
        const thread = below(size.threads) + 1;
        const classroom = classOfThread(thread, size);
        const speaker = pick(members[classroom] ?? []);
        const isFile = index % 50 === 0;
        return {
          id: index + Math.floor(index / 10),
          speaker,
          speaker_name: nameOf(speaker),
          is_super: isTeacher(speaker) ? 1 : 0,
          belong_class: classroom,
          content: isFile ? null : pick(PHRASES) + (index % 3 === 0 ? pick(PHRASES) : ''),
          thread,
          emoji_1: below(3),
          emoji_2: 0,
          emoji_3: index % 7 ? 0 : null,
          img_url: index % 40 === 3 ? `/uploads/img/${index}.png` : null,
          date: FIRST_DATE + 10_000 + index * 30,
          type: isFile ? 'file' : 'text',
          file_url: isFile ? `/uploads/file/${index}.pdf` : null,
          file_name: isFile ? `资料 ${index}.pdf` : null,
          file_size: isFile ? 1_000 + index : null,
          log: index,
        };
      },
    },
    logs: {
      count: Math.ceil(size.messages / 100),
      record: (id) => ({
        id,
        speaker: below(size.users) + 1,
        speaker_name: 'Ming',
        belong_class: below(size.classes) + 1,
        content: '发送了一条消息',
        thread: below(size.threads) + 1,
        date: FIRST_DATE + 10_000 + id,
      }),
    },
    marks: {
      count: Math.ceil(size.users / 10),
      record: (id) => ({
        id,
        class: below(size.classes) + 1,
        user: below(size.users) + 1,
        type: id % 2 ? 'class' : 'user',
        marker: below(size.users) + 1,
      }),
    },
  };

  let bytes = 0;
  for (const [name, { count, record }] of Object.entries(tables) as [
    LazerName,
    (typeof tables)[LazerName],
  ][]) {
    bytes += await writeRecords(dir, name, count, record, size);
  }
  const memberships = classesOf.reduce((sum, own) => sum + own.length, 0);
  const { users, classes, threads, messages } = size;
  return {
    dir,
    users,
    classes,
    memberships,
    threads,
    messages,
    logs: tables.logs.count,
    marks: tables.marks.count,
    bytes,
  };
}

/** @returns how many bytes the data file has. */
async function writeRecords(
  dir: string,
  name: LazerName,
  count: number,
  record: (index: number) => { id: number },
  writing: Writing,
): Promise<number> {
  const [open, between, close] = brackets(writing);
  const file = dataFile(dir, name);
  let lastId = 0;
  writeConfig(dir, name, lastId);
  const sink = Bun.file(file).writer({ highWaterMark: 1024 * 1024 });
  sink.write(open);
  for (let index = 1; index <= count; index++) {
    const made = record(index);
    lastId = made.id;
    sink.write((index > 1 ? between : '') + encodeRecord(made, writing));
    if (index % 5_000 === 0) await sink.flush();
  }
  sink.write(close);
  await sink.end();
  writeConfig(dir, name, lastId);
  return statSync(file).size;
}

function classOfThread(thread: number, { classes }: LazerSize): number {
  return ((thread - 1) % classes) + 1;
}

/** Mulberry32: small, and the same everywhere. @returns a function that gives numbers from 0 to below 1. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
