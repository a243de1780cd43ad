import { afterEach, describe, expect, test } from 'bun:test';
import { Move, message, SCHOOL } from '../../../test/lazer/school.ts';
import type { ImportSummary } from './summary.ts';

let move = new Move();
afterEach(() => move.remove());
const begin = (...args: ConstructorParameters<typeof Move>): Move => {
  move.remove();
  move = new Move(...args);
  return move;
};

const [msLi, ming, hong] = SCHOOL.users;
const [homework] = SCHOOL.threads;
const said = ({ remarks }: ImportSummary, kind: string): string[] =>
  remarks
    .filter((remark) => remark.kind === kind)
    .map(({ table, what, count, first }) => `${table}: ${count} ${what} (${first})`);

describe('people', () => {
  test('get a stand-in address where theirs is missing, invalid or taken', async () => {
    const emails = ['  LI@school.example ', 'li@School.example', '', null, 'not an address'];
    const users = emails.map((email, index) => ({ ...ming, id: index + 1, email }));
    const summary = await begin({ users }).import();
    expect(move.query('select email from users order by id')).toEqual([
      { email: 'li@school.example' },
      ...[2, 3, 4, 5].map((id) => ({ email: `user-${id}@import.invalid` })),
    ]);
    expect(said(summary, 'changed')).toEqual([
      'users: 4 e-mail missing, invalid or taken by another, so it became user-<id>@import.invalid (2,3,4,5)',
    ]);
  });

  test('have no password where the hash is none', async () => {
    const hashes = [ming.pwd.toUpperCase(), null, '', 'abc', `${ming.pwd}0`];
    const users = hashes.map((pwd, index) => ({ ...ming, id: index + 1, email: `p${index}@x.example`, pwd }));
    const summary = await begin({ users }).import();
    expect(move.query('select user_id, password from accounts')).toEqual([
      { user_id: 1, password: `md5:${ming.pwd}` },
    ]);
    expect(said(summary, 'changed')).toEqual([
      'users: 4 without a valid password, so a reset is needed to sign in (2,3,4,5)',
    ]);
  });

  test('get a name, a type and a date where there is none', async () => {
    const users = [{ id: 1, name: ' ', email: 'a@x.example', pwd: ming.pwd }];
    await begin({ users, threads: [], messages: [] }).import();
    expect(move.query('select name, type, image, created_at from users')).toEqual([
      { name: 'user-1', type: 1, image: null, created_at: '1970-01-01T00:00:00.000Z' },
    ]);
  });

  test('join the classes of a list with blanks, empty parts, repetitions and strangers', async () => {
    const users = [
      { ...msLi, class: ' 1, ,2,,1,' },
      { ...ming, class: 2 },
      { ...hong, class: null },
      { ...ming, id: 4, email: 'four@x.example', class: '9,x,2' },
    ];
    const summary = await begin({ users }).import();
    expect(move.query('select user_id, class_id, role from members order by 1, 2')).toEqual([
      { user_id: 1, class_id: 1, role: 'head' },
      { user_id: 1, class_id: 2, role: 'teacher' },
      { user_id: 2, class_id: 2, role: 'student' },
      { user_id: 4, class_id: 2, role: 'student' },
    ]);
    expect(said(summary, 'skipped')).toEqual([
      'memberships: 1 what stands in users.class is no class id (user 4: x)',
      'memberships: 1 the class does not exist (user 4 in class 9)',
    ]);
  });

  test('are no members where only the class says so, and a class may be without its head', async () => {
    const users = [{ ...msLi, class: '' }, ming, hong];
    const summary = await begin({ users }).import();
    expect(move.query('select role from members where class_id = 1')).toEqual([
      { role: 'student' },
      { role: 'student' },
    ]);
    expect(said(summary, 'noted')).toEqual([
      'memberships: 1 stands only in classes.member; not a member, since only users.class counts (user 1 in class 1)',
      'classes: 2 without a head: the user in "super" is no member of it (1,2)',
      'threads: 0 the column "report" is not kept ()',
    ]);
  });
});

describe('threads and messages', () => {
  test('are skipped with the reason where they belong nowhere', async () => {
    const threads = [
      homework,
      { ...homework, id: 2, belong_class: 77 },
      { ...homework, id: 3, belong_class: null },
    ];
    const messages = [
      message({ id: 1 }),
      message({ id: 2, thread: 2 }),
      message({ id: 3, thread: 99 }),
      message({ id: 4, thread: null }),
      message({ id: 5, belong_class: 2 }),
      message({ id: 6, speaker: null }),
      message({ id: 7, speaker: 4321, speaker_name: 'Gone' }),
    ];
    const summary = await begin({ threads, messages }).import();
    expect(move.query('select id, seq, speaker_name from messages')).toEqual([
      { id: 1, seq: 1, speaker_name: 'Ming' },
      { id: 7, seq: 2, speaker_name: 'Gone' },
    ]);
    expect(said(summary, 'skipped')).toEqual([
      'threads: 2 the class does not exist (2,3)',
      'messages: 3 the thread does not exist or was skipped (2,3,4)',
      'messages: 1 belong_class is not the class of the thread (5)',
      'messages: 1 it has no speaker (6)',
    ]);
    expect(summary.tables.messages).toEqual({ imported: 2, already: 0, skipped: 5 });
  });

  test('name the first ten rows only', async () => {
    const messages = Array.from({ length: 25 }, (_, index) => message({ id: index + 1, thread: 99 }));
    const { remarks } = await begin({ messages }).import();
    const skipped = remarks.find(({ kind }) => kind === 'skipped');
    expect(skipped?.count).toBe(25);
    expect(skipped?.first).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  test('take what is absent for null, and numbers that PHP wrote as text', async () => {
    const messages = [
      { id: '3', speaker: '2', belong_class: '1', thread: 1, content: 42, date: '1568471849', type: 'text' },
      { id: 4, speaker: 2, speaker_name: null, belong_class: 1, thread: 1, type: null, file_url: '/f' },
    ];
    const summary = await begin({ messages }).import();
    expect(
      move.query('select id, speaker, speaker_name, content, date, type, emoji_1, log from messages'),
    ).toEqual([
      {
        id: 3,
        speaker: 2,
        speaker_name: '',
        content: '42',
        date: 1_568_471_849,
        type: 'text',
        emoji_1: null,
        log: null,
      },
      {
        id: 4,
        speaker: 2,
        speaker_name: '',
        content: null,
        date: null,
        type: 'file',
        emoji_1: null,
        log: null,
      },
    ]);
    expect(said(summary, 'changed')).toEqual([
      'messages: 1 "type" was neither text nor file, so it became file (4)',
    ]);
  });

  test('keep text as it is stored, down to a NUL, and mend what no text can hold', async () => {
    const messages = [
      message({ id: 1, content: '&lt;b&gt; <b> \\u4e2d \u0000 \u2028 "' }),
      message({ id: 2, content: 'half \ud83d of a smile' }),
    ];
    const summary = await begin({ messages }).import();
    expect(move.query('select content from messages order by id')).toEqual([
      { content: '&lt;b&gt; <b> \\u4e2d \u0000 \u2028 "' },
      { content: 'half \ufffd of a smile' },
    ]);
    expect(said(summary, 'changed')).toEqual([
      'messages: 1 "content" held half a character (an unpaired surrogate), which became U+FFFD (2)',
    ]);
  });
});

test('a star of nobody is skipped', async () => {
  const marks = [
    { id: 1, class: 1, user: null, type: 'class', marker: 2 },
    { id: 2, class: null, user: 2, type: 1, marker: null },
  ];
  const summary = await begin({ marks }).import();
  expect(move.query('select * from stars')).toEqual([
    { id: 1, user_id: 2, class_id: 1, type: 'class', target: null },
  ]);
  expect(said(summary, 'skipped')).toEqual(['stars: 1 it belongs to no user (2)']);
});
