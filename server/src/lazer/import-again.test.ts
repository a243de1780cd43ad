import { afterEach, describe, expect, test } from 'bun:test';
import { Move, message, SCHOOL } from '../../../test/lazer/school.ts';

let move = new Move();
afterEach(() => move.remove());
const begin = async (...args: ConstructorParameters<typeof Move>): Promise<Move> => {
  move.remove();
  move = new Move(...args);
  await move.import();
  return move;
};

const [, ming, hong] = SCHOOL.users;

describe('importing again', () => {
  test('doubles nothing and changes nothing', async () => {
    const before = (await begin()).everything();
    const { tables } = await move.import();
    expect(move.everything()).toEqual(before);
    expect(Object.values(tables).map(({ imported }) => imported)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(Object.values(tables).map(({ already }) => already)).toEqual([2, 3, 4, 2, 4, 1, 1]);
  });

  test('leaves alone what people changed here since', async () => {
    await begin();
    move.run("update users set name = 'Ming the Great', email = 'new@x.example', type = 2 where id = 2");
    move.run("update accounts set password = 'a new hash' where user_id = 2");
    move.run("update members set role = 'teacher' where user_id = 2");
    move.run("update classes set name = 'A1', code = 'MYCODE22' where id = 1");
    move.run("update threads set name = 'Homework' where id = 1");
    move.run('update messages set pinned = null where id = 2');
    move.run("update messages set content = 'edited', edited = 1600000000 where id = 2");
    move.run('update messages set content = null, file_url = null, deleted = 1600000000 where id = 7');
    const before = move.everything();
    await move.import();
    expect(move.everything()).toEqual(before);
  });

  test('notes for search what comes below the newest message, and nothing else', async () => {
    await begin();
    expect(move.query('select * from search_changes')).toEqual([]);
    move.run(
      `insert into messages (id, thread, class, seq, number, speaker, speaker_name, is_super, type, content, date,
         emoji_1, emoji_2, emoji_3)
       select 100, thread, class, 100, 100, speaker, speaker_name, is_super, type, content, date, 0, 0, 0
       from messages where id = 2`,
    );
    move.write({ messages: [...SCHOOL.messages, message({ id: 9 }), message({ id: 101 })] });
    await move.import();
    expect(move.query('select message from search_changes')).toEqual([{ message: 9 }]);
  });

  test('adds what is new in the source, and seq goes on', async () => {
    await begin();
    move.run('update threads set seq = 9 where id = 1'); // edits and deletions happened here
    move.write({
      users: [...SCHOOL.users, { ...ming, id: 4, name: 'Tom', email: 'tom@x.example', class: '1,2' }],
      threads: [...SCHOOL.threads, { ...SCHOOL.threads[0], id: 5 }],
      messages: [...SCHOOL.messages, message({ id: 9 }), message({ id: 8 }), message({ id: 10, thread: 5 })],
    });
    const { tables } = await move.import();
    expect(tables.messages).toEqual({ imported: 3, already: 4, skipped: 0 });
    expect(move.query('select id, seq, number from messages where id > 7 order by id')).toEqual([
      { id: 8, seq: 10, number: 4 },
      { id: 9, seq: 11, number: 5 },
      { id: 10, seq: 1, number: 1 },
    ]);
    expect(move.query('select id, seq, messages, last from threads order by id')).toEqual([
      { id: 1, seq: 11, messages: 5, last: 1_568_471_858 },
      { id: 4, seq: 1, messages: 1, last: 1_568_471_854 },
      { id: 5, seq: 1, messages: 1, last: 1_568_471_859 },
    ]);
    expect(tables.memberships).toEqual({ imported: 2, already: 4, skipped: 0 });
  });

  test('adds a membership that Ming got in the source, while his other one keeps its role', async () => {
    await begin();
    move.run("update members set role = 'teacher' where user_id = 2 and class_id = 1");
    move.write({ users: [SCHOOL.users[0], { ...ming, class: '1,2' }, hong] });
    await move.import();
    expect(move.query('select class_id, role from members where user_id = 2 order by 1')).toEqual([
      { class_id: 1, role: 'teacher' },
      { class_id: 2, role: 'student' },
    ]);
  });

  test.each([
    ['users', "update users set created_at = '2026-01-01T00:00:00.000Z' where id = 2", 'users, id 2'],
    ['classes', 'update classes set date = 5 where id = 1', 'classes, id 1'],
    ['threads', 'update threads set creator = 2 where id = 4', 'threads, id 4'],
    ['messages', 'update messages set speaker = 3 where id = 7', 'messages, id 7'],
    ['messages', 'update messages set thread = 4, seq = 77 where id = 7', 'messages, id 7'],
    ['logs', 'update logs set date = 1 where id = 14', 'logs, id 14'],
    ['stars', 'update stars set user_id = 1 where id = 1', 'stars, id 1'],
  ])('stops where another row of %s has the id, and imports nothing (%s)', async (_table, change, place) => {
    await begin();
    move.run(change);
    move.write({ users: [...SCHOOL.users, { ...ming, id: 4, email: 'tom@x.example' }] });
    const before = move.everything();
    const error = await move.failure();
    expect(error).toStartWith(`${place}: the data folder holds another row under this id`);
    expect(error).toContain('Nothing was imported.');
    expect(move.everything()).toEqual(before);
  });
});
