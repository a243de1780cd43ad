import { afterEach, describe, expect, test } from 'bun:test';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classicRecord } from '@pokers/protocol/classic';
import { makeLazer, passwordOf } from '../../../test/lazer/make-lazer.ts';
import { Move, message, SCHOOL } from '../../../test/lazer/school.ts';
import { dataFile } from '../../../test/lazer/write-lazer.ts';
import { UsageError } from '../errors.ts';
import { type MessageRow, toMessage } from '../store/rows.ts';
import { claimFolder } from '../store/sqlite/folder.ts';
import { type ImportStep, importLazer } from './import-lazer.ts';

let move = new Move();
afterEach(() => move.remove());
const begin = (...args: ConstructorParameters<typeof Move>): Move => {
  move.remove();
  move = new Move(...args);
  return move;
};

describe('the import of a school', () => {
  test('brings Ms Li, Ming and 小红 with their addresses, pictures and old passwords', async () => {
    await begin().import();
    expect(move.query('select id, name, email, image, type, head, created_at from users')).toEqual([
      {
        id: 1,
        name: 'Ms Li',
        email: 'li@school.example',
        image: '/a/1.png',
        type: 2,
        head: 0,
        created_at: '2019-08-28T13:46:41.000Z',
      },
      {
        id: 2,
        name: 'Ming',
        email: 'ming@school.example',
        image: null,
        type: 1,
        head: 0,
        created_at: '2019-08-28T13:46:42.000Z',
      },
      {
        id: 3,
        name: '小红',
        email: 'hong@school.example',
        image: null,
        type: 1,
        head: 0,
        created_at: '2019-08-28T13:46:43.000Z',
      },
    ]);
    const [, ming] = move.query(
      'select account_id, provider_id, user_id, password from accounts order by user_id',
    );
    const password = `md5:${SCHOOL.users[1].pwd}`;
    expect(ming).toEqual({ account_id: '2', provider_id: 'credential', user_id: 2, password });
  });

  test('puts them into the classes of users.class, in their roles, and gives each class a join code', async () => {
    await begin().import();
    expect(move.query('select user_id, class_id, role from members order by 1, 2')).toEqual([
      { user_id: 1, class_id: 1, role: 'head' },
      { user_id: 2, class_id: 1, role: 'student' },
      { user_id: 3, class_id: 1, role: 'student' },
      { user_id: 3, class_id: 2, role: 'student' },
    ]);
    const classes = move.query<{ code: string }>(
      'select id, name, description, image, code, date from classes',
    );
    expect(classes).toMatchObject([
      { id: 1, name: '高一(1)班', description: '好好学习', image: '/img/1.png', date: 1_568_000_000 },
      { id: 2, name: 'Chess', description: '', image: null, date: 1_568_000_001 },
    ]);
    expect(classes[0]?.code).toMatch(/^[A-Z2-9]{8}$/);
    expect(classes[0]?.code).not.toBe(classes[1]?.code);
  });

  test('brings threads, the log and the stars', async () => {
    await begin().import();
    expect(move.query('select * from threads')).toMatchObject([
      {
        id: 1,
        class_id: 1,
        creator: 1,
        name: '作业',
        date: 1_568_100_000,
        seq: 3,
        messages: 3,
        last: 1_568_471_856,
      },
      {
        id: 4,
        class_id: 2,
        creator: 3,
        name: 'Openings',
        date: 1_568_100_001,
        seq: 1,
        messages: 1,
        last: 1_568_471_854,
      },
    ]);
    expect(move.query('select id, thread from messages where pinned is not null')).toEqual([
      { id: 2, thread: 1 },
    ]);
    const { belong_class: class_id, ...log } = SCHOOL.logs[0];
    expect(move.query('select * from logs')).toEqual([{ ...log, class_id }]);
    expect(move.query('select * from stars')).toEqual([
      { id: 1, user_id: 3, class_id: 1, type: 'user', target: 2 },
    ]);
  });

  test.each([{}, { pretty: true }, { escapeUnicode: true }, { pretty: true, escapeUnicode: true }])(
    'leaves the classic record of every message as it was (%j)',
    async (writing) => {
      await begin({}, writing).import();
      const rows = move.query<MessageRow>('select * from messages order by id');
      expect(rows.map((row) => JSON.parse(classicRecord(toMessage(row))))).toEqual([...SCHOOL.messages]);
      expect(rows.map(({ seq, number, awaits_announce }) => [seq, number, awaits_announce])).toEqual([
        [1, 1, 0],
        [2, 2, 0],
        [1, 1, 0],
        [3, 3, 0],
      ]);
    },
  );

  test('never gives an id again, not even of a row that the original had deleted', async () => {
    begin().write({ messages: SCHOOL.messages }, { lastId: 900 });
    move.write({ marks: [] }, { lastId: 40 });
    await move.import();
    const rows = move.query<{ name: string; seq: number }>('select name, seq from sqlite_sequence');
    const sequence = Object.fromEntries(rows.map(({ name, seq }) => [name, seq]));
    expect(sequence).toMatchObject({ messages: 900, stars: 40, users: 3, classes: 2, threads: 4, logs: 14 });
  });

  test('numbers messages by id where the file is in another order', async () => {
    const ids = [70, 10, 50, 30, 20];
    await begin({ messages: ids.map((id) => message({ id })) }).import();
    expect(move.query('select id, seq, number from messages order by id')).toEqual(
      ids.toSorted((a, b) => a - b).map((id, index) => ({ id, seq: index + 1, number: index + 1 })),
    );
    expect(move.query('select seq, messages, last from threads where id = 1')).toEqual([
      { seq: 5, messages: 5, last: 1_568_471_849 + 70 },
    ]);
  });

  test('takes empty tables, and says which optional ones are not there', async () => {
    begin({ threads: [], messages: [], logs: [], marks: [] });
    for (const name of ['logs', 'marks']) {
      for (const kind of ['config', 'data']) rmSync(join(move.from, `${name}.${kind}.json`));
    }
    writeFileSync(dataFile(move.from, 'messages'), '');
    const { tables, remarks } = await move.import();
    expect(tables.messages).toEqual({ imported: 0, already: 0, skipped: 0 });
    const missing = remarks.filter(({ what }) => what.startsWith('not there')).map(({ table }) => table);
    expect(missing).toEqual(['logs', 'marks']);
  });

  test('says that grades and reset codes are not imported', async () => {
    begin();
    for (const name of ['series', 'temp', 'cats'])
      writeFileSync(join(move.from, `${name}.data.json`), 'anything');
    const { remarks } = await move.import();
    expect(
      remarks.filter(({ what }) => what.startsWith('not ')).map(({ table, what }) => `${table}: ${what}`),
    ).toEqual([
      'cats: not known, so not imported',
      'series: not part of group chat, so not imported',
      'temp: not part of group chat, so not imported',
    ]);
  });

  test('reports every table from its first byte to its last', async () => {
    const steps: ImportStep[] = [];
    await importLazer({ from: begin().from, into: move.into, onProgress: (step) => steps.push(step) });
    const finished = steps
      .filter(({ doneBytes, totalBytes }) => doneBytes === totalBytes)
      .map(({ table }) => table);
    expect(finished).toEqual(['classes', 'users', 'threads', 'messages', 'logs', 'marks']);
    expect(steps.filter(({ doneBytes }) => doneBytes === 0)).toHaveLength(6);
  });
});

describe('the import of a generated school', () => {
  test('brings all that was made', async () => {
    const size = {
      users: 60,
      classes: 7,
      threads: 30,
      messages: 5_000,
      seed: 7,
      pretty: true,
      escapeUnicode: true,
    };
    const made = await makeLazer(begin().from, size);
    const { tables, remarks } = await move.import();
    const imported = Object.fromEntries(
      Object.entries(tables).map(([table, { imported }]) => [table, imported]),
    );
    const { users, classes, memberships, threads, messages, logs, marks: stars } = made;
    expect(imported).toEqual({ users, classes, memberships, threads, messages, logs, stars });
    expect(remarks.filter(({ kind }) => kind !== 'noted')).toEqual([]);
    const [account] = move.query<{ password: string }>('select password from accounts where user_id = 9');
    expect(account?.password).toBe(`md5:${new Bun.CryptoHasher('md5').update(passwordOf(9)).digest('hex')}`);
    const misnumbered = `select count(*) as n from (select seq, number,
      row_number() over (partition by thread order by id) as place from messages) where seq <> place or number <> place`;
    expect(move.query(misnumbered)).toEqual([{ n: 0 }]);
  });

  test('is the same for the same seed', async () => {
    const size = { users: 20, classes: 3, threads: 5, messages: 300, seed: 3 };
    const [one, other] = [join(begin().root, 'one'), join(move.root, 'other')];
    await makeLazer(one, size);
    await makeLazer(other, size);
    expect(await Bun.file(dataFile(one, 'messages')).text()).toBe(
      await Bun.file(dataFile(other, 'messages')).text(),
    );
  });
});

describe('the folders', () => {
  test('a folder without a JSON database is a mistake in the call, and nothing is made', async () => {
    const into = join(begin().root, 'never');
    const empty = join(move.root, 'empty');
    mkdirSync(empty);
    for (const from of [join(move.root, 'nowhere'), empty, dataFile(move.from, 'users')]) {
      await expect(importLazer({ from, into })).rejects.toBeInstanceOf(UsageError);
    }
    expect(() => rmSync(into, { recursive: true })).toThrow('ENOENT');
  });

  test('a data folder that a server uses is left alone', async () => {
    const held = claimFolder(begin().into);
    expect(await move.failure()).toContain('in use by another Pokers');
    held.release();
    await move.import();
  });

  test('people and classes that were made here before keep their rows beside the imported ones', async () => {
    await begin().prepare();
    const held = `insert into users (id, name, email, created_at, updated_at)
      values (500, 'Tom', 'hong@school.example', '', '')`;
    move.run(held);
    const { remarks } = await move.import();
    expect(move.query('select id, email from users where id in (3, 500)')).toEqual([
      { id: 3, email: 'user-3@import.invalid' },
      { id: 500, email: 'hong@school.example' },
    ]);
    expect(remarks).toContainEqual(
      expect.objectContaining({ kind: 'changed', table: 'users', count: 1, first: ['3'] }),
    );
  });
});
