import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { NewTokenView } from '@pokers/protocol/accounts';
import type { ClassView, MemberView, ThreadView } from '@pokers/protocol/classes';
import { LIMITS } from '@pokers/protocol/limits';
import type { SearchView } from '@pokers/protocol/search';
import { HttpApi } from '../../sdk/src/index.ts';
import { ask, foundClass, openThread, type Person, postOverHttp, request, signUp } from '../actors/people.ts';
import {
  type ServerProcess,
  startLimitedServer,
  startServerProcess,
  temporaryFolder,
} from '../actors/server-process.ts';

/** How long a post may take to be found, in ms: the sweep comes every second; the rest is for a machine that is busy. */
const FOUND_MS = 10_000;

const search = (url: string, as: Person, query: Record<string, string | number>) =>
  ask<SearchView>(
    url,
    `/api/search?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`,
    { as },
  );

/** Searches again until it is as expected. */
async function untilFound(
  url: string,
  as: Person,
  q: string,
  contents: readonly string[],
): Promise<SearchView> {
  const end = Date.now() + FOUND_MS;
  for (;;) {
    const view = await search(url, as, { q });
    const found = view.hits.map(({ message }) => message.content ?? '');
    if (found.join('|') === contents.join('|') || Date.now() > end) {
      expect(found).toEqual([...contents]);
      return view;
    }
    await Bun.sleep(50);
  }
}

describe('searching', () => {
  const folder = temporaryFolder('searching');
  let server: ServerProcess;
  let ming: Person;
  let lily: Person;
  let stranger: Person;
  let classroom: ClassView;
  let thread: ThreadView;

  beforeAll(async () => {
    server = await startServerProcess(folder.path);
    ming = await signUp(server.url, '张小明');
    lily = await signUp(server.url, 'Lily');
    stranger = await signUp(server.url, 'Stranger');
    ({ classroom, thread } = await foundClass(server.url, ming, [lily], '三年二班'));
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const failure = async (path: string, as: Person) => {
    const response = await request(server.url, path, { as });
    return ((await response.json()) as { error: string }).error;
  };

  test('what Ming posts, Lily finds a moment later, with its class and thread; a stranger does not', async () => {
    const { id } = await postOverHttp(server.url, ming, thread.id, '明天交数学作业');
    const view = await untilFound(server.url, lily, '作业', ['明天交数学作业']);
    expect(view).toEqual({
      hits: [
        {
          message: expect.objectContaining({ id, thread: thread.id, class: classroom.id, speaker: ming.id }),
          class_name: '三年二班',
          thread_name: 'A thread',
          ranges: [[5, 7]],
        },
      ],
      more: false,
    });
    expect(await search(server.url, stranger, { q: '作业' })).toEqual({ hits: [], more: false });
    for (const [filter, error] of [
      [`class=${classroom.id}`, 'class_not_found'],
      [`thread=${thread.id}`, 'thread_not_found'],
      ['class=999', 'class_not_found'],
      ['thread=999', 'thread_not_found'],
    ] as const) {
      expect(await failure(`/api/search?q=x&${filter}`, stranger)).toBe(error);
    }
    expect(await search(server.url, stranger, { q: '作业', from: ming.id })).toEqual({
      hits: [],
      more: false,
    });
  });

  test('whoever is taken out of a class finds nothing of it any more, and finds it again when back', async () => {
    const guest = await signUp(server.url, 'Guest');
    const join = () => ask(server.url, '/api/classes/join', { as: guest, body: { code: classroom.code } });
    await join();
    await postOverHttp(server.url, ming, thread.id, 'come and go');
    await untilFound(server.url, guest, 'come and go', ['come and go']);
    await ask(server.url, `/api/classes/${classroom.id}/members/${guest.id}`, { as: ming, method: 'DELETE' });
    expect((await search(server.url, guest, { q: 'come' })).hits).toEqual([]);
    await join();
    expect((await search(server.url, guest, { q: 'come' })).hits).toHaveLength(1);
  });

  test('a token without the scope to read finds nothing; in an archived class one finds what was said', async () => {
    const token = async (scope: string) => {
      const body = { name: 'bot', scopes: [scope] };
      return { ...ming, ...(await ask<NewTokenView>(server.url, '/api/me/tokens', { as: ming, body })) };
    };
    const old = await foundClass(server.url, ming, [lily], 'Last year');
    await postOverHttp(server.url, ming, old.thread.id, 'archived words');
    await untilFound(server.url, lily, 'archived words', ['archived words']);
    const body = { archived: true };
    await ask(server.url, `/api/classes/${old.classroom.id}`, { as: ming, method: 'PATCH', body });
    expect((await search(server.url, lily, { q: 'archived' })).hits).toHaveLength(1);
    expect((await search(server.url, await token('read'), { q: 'archived' })).hits).toHaveLength(1);
    for (const path of ['/api/search?q=archived', `/api/classes/${old.classroom.id}/members?q=ming`]) {
      expect(await failure(path, await token('write'))).toBe('scope_missing');
    }
  });

  test('an edit is found, a deleted message and those of a deleted thread are not', async () => {
    const other = await openThread(server.url, ming, classroom.id, 'Old');
    const { id } = await postOverHttp(server.url, ming, thread.id, 'zebra before');
    const gone = await postOverHttp(server.url, ming, thread.id, 'zebra gone');
    await postOverHttp(server.url, ming, other.id, 'zebra in the old thread');
    await untilFound(server.url, lily, 'zebra', ['zebra in the old thread', 'zebra gone', 'zebra before']);
    await ask(server.url, `/api/messages/${id}`, {
      as: ming,
      method: 'PATCH',
      body: { content: 'okapi after' },
    });
    await ask(server.url, `/api/messages/${gone.id}`, { as: ming, method: 'DELETE' });
    await ask(server.url, `/api/threads/${other.id}`, {
      as: ming,
      method: 'DELETE',
      body: { confirm: 'Old' },
    });
    expect((await search(server.url, lily, { q: 'zebra' })).hits).toEqual([]);
    await untilFound(server.url, lily, 'okapi', ['okapi after']);
  });

  test('the client of programs searches, pages and filters', async () => {
    const api = new HttpApi({ url: server.url, token: lily.token });
    for (let count = 0; count < 5; count++) await postOverHttp(server.url, ming, thread.id, `paged ${count}`);
    await postOverHttp(server.url, lily, thread.id, 'paged by Lily https://example.org');
    await untilFound(server.url, lily, 'paged', [
      'paged by Lily https://example.org',
      ...[4, 3, 2, 1, 0].map((count) => `paged ${count}`),
    ]);
    const first = await api.search('paged', { from: ming.id, limit: 3, thread: thread.id });
    expect(first.hits.map(({ message }) => message.content)).toEqual(['paged 4', 'paged 3', 'paged 2']);
    const second = await api.search('paged', { from: ming.id, limit: 3, before: first.next });
    expect(second).toMatchObject({ more: false, hits: [{}, {}] });
    expect((await api.search('', { has: 'link', class: classroom.id })).hits).toHaveLength(1);
    const now = Math.floor(Date.now() / 1000);
    expect((await api.search('paged', { until: now - 3_600 })).hits).toEqual([]);
    expect((await api.search('paged', { since: now - 3_600 })).hits).toHaveLength(6);
  });

  test('an empty search finds nothing, odd ones are no error, a long one and bad filters are', async () => {
    for (const q of ['', ' ', '"', '*', 'NOT', '\u0000', '(', '___c1', '。']) {
      expect([q, (await search(server.url, lily, { q })).hits]).toEqual([q, []]);
    }
    expect(await search(server.url, lily, {})).toEqual({ hits: [], more: false });
    expect(await failure(`/api/search?q=${'x'.repeat(LIMITS.searchChars + 1)}`, lily)).toBe('too_long');
    for (const bad of [
      'has=everything',
      'from=me',
      'limit=0',
      'limit=999',
      'before=0',
      'since=-1',
      'until=x',
    ]) {
      expect([bad, await failure(`/api/search?q=x&${bad}`, lily)]).toEqual([bad, 'bad_request']);
    }
    expect((await request(server.url, '/api/search?q=x')).status).toBe(401);
  });

  test('members are found by a part of their name, by its pinyin and by first letters, the best first', async () => {
    const names = ['王小明', 'Zoë Xmas', '曾国藩', '欧阳小月', 'Ｋｅｎ'];
    for (const name of names) {
      const person = await signUp(server.url, name);
      await ask(server.url, '/api/classes/join', { as: person, body: { code: classroom.code } });
    }
    const api = new HttpApi({ url: server.url, token: lily.token });
    const found = async (typed: string) =>
      (await api.findMembers(classroom.id, typed)).map(({ name }) => name);
    expect(await found('小明')).toEqual(['张小明', '王小明']);
    expect(await found('xm')).toEqual(['张小明', 'Zoë Xmas', '王小明'].toSorted((a, b) => RANK(a) - RANK(b)));
    expect(await found('zhangx')).toEqual(['张小明']);
    expect(await found('zxm')).toEqual(['张小明']);
    expect(await found('zeng')).toEqual(['曾国藩']);
    expect(await found('oyxy')).toEqual(['欧阳小月']);
    expect(await found('ZOE')).toEqual(['Zoë Xmas']);
    expect(await found('ken')).toEqual(['Ｋｅｎ']);
    expect(await found('li')).toEqual(['Lily']);
    for (const nothing of ['', '  ', 'nobody', '[', '\\', '.*']) expect(await found(nothing)).toEqual([]);
    const path = `/api/classes/${classroom.id}/members?q=xm`;
    expect(await failure(path, stranger)).toBe('class_not_found');
    const { members } = await ask<{ members: MemberView[] }>(server.url, path, { as: ming });
    expect(members[0]).toHaveProperty('email'); // for the head, as in the whole list
  });

  test('classes, threads and people are found by name, by pinyin and by some letters; never a stranger’s', async () => {
    const gone = await openThread(server.url, ming, classroom.id, '数学 gone');
    await openThread(server.url, ming, classroom.id, '数学作业');
    const homework = await openThread(server.url, ming, classroom.id, 'Homework');
    const own = await foundClass(server.url, stranger, [], '数学 of strangers');
    await ask(server.url, `/api/threads/${gone.id}`, {
      as: ming,
      method: 'DELETE',
      body: { confirm: '数学 gone' },
    });
    const api = new HttpApi({ url: server.url, token: lily.token });
    const found = async (typed: string) => {
      const { classes, threads, people } = await api.findNames(typed);
      return [classes, threads, people].map((some) => some.map(({ name }) => name));
    };
    expect((await found('sx'))[1]).toEqual(['数学作业']);
    expect((await found('sanniann'))[0]).toEqual([]);
    expect((await found('sannianer'))[0]).toEqual(['三年二班']);
    expect((await found('hmwk'))[1]).toEqual(['Homework']);
    expect((await found('张'))[2]).toEqual(['张小明']);
    expect((await found('strang'))[2]).toEqual([]);
    expect(await found('   ')).toEqual([[], [], []]);
    expect((await api.findNames('homework')).threads).toEqual([
      { id: homework.id, name: 'Homework', class: classroom.id, class_name: '三年二班' },
    ]);
    expect((await api.findNames('zxm')).people[0]).toEqual({
      id: ming.id,
      name: '张小明',
      class_name: '三年二班',
    });
    // Whoever is in two of one's classes is named once.
    await ask(server.url, '/api/classes/join', { as: lily, body: { code: own.classroom.code } });
    await ask(server.url, '/api/classes/join', { as: ming, body: { code: own.classroom.code } });
    expect((await found('zhangx'))[2]).toEqual(['张小明']);
    expect((await found('shuxue'))[0]).toEqual(['数学 of strangers']);
    for (let count = 0; count <= LIMITS.namesFound; count++)
      await openThread(server.url, ming, classroom.id, `many ${count}`);
    expect((await found('many'))[1]).toEqual(
      Array.from({ length: LIMITS.namesFound }, (_, at) => `many ${LIMITS.namesFound - at}`),
    );
    expect(await failure(`/api/names?q=${'x'.repeat(LIMITS.searchChars + 1)}`, lily)).toBe('too_long');
    expect(await failure('/api/names', lily)).toBe('bad_request');
    expect((await request(server.url, '/api/names?q=x')).status).toBe(401);
  });

  test('a search that was given up fails at once, and does not wait for its answer', async () => {
    const api = new HttpApi({ url: server.url, token: lily.token });
    const stop = new AbortController();
    const searching = api.search('数学', {}, stop.signal);
    stop.abort();
    expect(await searching.catch((error: unknown) => error)).toMatchObject({ error: 'network' });
  });
});

/** A name that has what was typed is before one that only sounds so. */
const RANK = (name: string): number => (name === 'Zoë Xmas' ? 0 : 1);

test('what was posted before search was there, and while nobody indexed, is found after a start', async () => {
  const folder = temporaryFolder('search-start');
  let server = await startServerProcess(folder.path);
  const ming = await signUp(server.url, 'Ming');
  const { thread } = await foundClass(server.url, ming, []);
  const contents = Array.from({ length: 300 }, (_, at) => `kept 保留 ${at}`);
  for (const content of contents) await postOverHttp(server.url, ming, thread.id, content);
  await server.stop('SIGKILL'); // in the middle of indexing, or before it began
  server = await startServerProcess(folder.path);
  await untilFound(server.url, ming, '保留', contents.toReversed().slice(0, LIMITS.searchPageDefault));
  await untilFound(server.url, ming, '"保留 0"', ['kept 保留 0']);
  await server.stop();
  folder.remove();
});

test('with two processes on one folder, what is posted to either is found by both', async () => {
  const folder = temporaryFolder('search-workers');
  const server = await startServerProcess(folder.path, '--workers', '2');
  const ming = await signUp(server.url, 'Ming');
  const { thread } = await foundClass(server.url, ming, []);
  const contents = Array.from({ length: 20 }, (_, at) => `both 两 ${at}`);
  await Promise.all(contents.map((content) => postOverHttp(server.url, ming, thread.id, content)));
  const end = Date.now() + FOUND_MS;
  const looks = async () =>
    Promise.all(
      Array.from({ length: 10 }, async () => (await search(server.url, ming, { q: '两' })).hits.length),
    );
  let found = await looks();
  while (found.some((count) => count < contents.length) && Date.now() < end) found = await looks();
  expect(found).toEqual(Array.from({ length: 10 }, () => contents.length));
  await server.stop();
  folder.remove();
});

test('who searches without end is slowed down', async () => {
  const folder = temporaryFolder('search-limits');
  const server = await startLimitedServer({ searchesBurst: 3, searchesPerSecond: 0.01 }, folder.path);
  const ming = await signUp(server.url, 'Ming');
  const { classroom } = await foundClass(server.url, ming, []);
  const statuses: number[] = [];
  for (const path of [
    '/api/search?q=a',
    '/api/search',
    `/api/classes/${classroom.id}/members?q=m`,
    '/api/search?q=b',
    '/api/names?q=b',
  ]) {
    statuses.push((await request(server.url, path, { as: ming })).status);
  }
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
  expect((await request(server.url, `/api/classes/${classroom.id}/members`, { as: ming })).status).toBe(200);
  await server.stop();
  folder.remove();
});
