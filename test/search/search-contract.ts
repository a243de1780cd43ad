import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Message } from '@pokers/protocol/message';
import { findPhrases, phrasesOf } from '@pokers/server/search/phrases';
import type { IndexPage, IndexQuery, SearchIndex } from '@pokers/server/search/search-index';
import type { Store, User } from '@pokers/server/store/store';
import { Chance } from '../reliability/chance.ts';

/** An index under test, with the real store that it is of. */
export interface IndexUnderTest {
  readonly store: Store;
  readonly index: SearchIndex;
  /** People are the accounts' business: this makes one by the shortest way. */
  addUser(name: string): Promise<User>;
  /** Gives a message an image or a file, as an upload would. */
  attach(message: number, what: { image?: string; file?: string; name?: string }): void | Promise<void>;
  /** Whether the changes that the store notes stay there until they are forgotten. */
  readonly keepsChanges: boolean;
  /** Closes the index and opens it again. */
  reopen(): Promise<SearchIndex>;
  end(): Promise<void>;
}

/** What every index of search promises. */
export function searchContract(engine: string, start: () => Promise<IndexUnderTest>): void {
  describe(`the index of search on ${engine}`, () => {
    let under: IndexUnderTest;
    let store: Store;
    let index: SearchIndex;
    let ming: User;
    let lily: User;
    let classroom: number;
    let other: number;

    beforeAll(async () => {
      under = await start();
      ({ store, index } = under);
      ming = await under.addUser('小明');
      lily = await under.addUser('Lily');
      const draft = { description: '', head: ming.id, date: 1 };
      classroom = (await store.createClassroom({ ...draft, name: '一班', code: 'CODEAAAA' })).id;
      other = (await store.createClassroom({ ...draft, name: '二班', code: 'CODEBBBB' })).id;
    });
    afterAll(() => under.end());

    const newThread = async (of = classroom) =>
      (await store.createThread({ classroom: of, name: 'A thread', creator: ming.id, date: 1 })).id;
    const say = async (thread: number, content: string, { speaker = ming, date = 100 } = {}) => {
      const draft = { thread, speaker: speaker.id, speakerName: speaker.name, isSuper: false, content, date };
      return (await store.appendMessage(draft)).message;
    };
    const change = (message: Message, kind: { kind: 'delete' } | { kind: 'edit'; content: string }) =>
      store.changeMessage({ message: message.id, by: ming.id, change: kind, date: 200 });
    const catchUp = async (): Promise<void> => {
      while ((await index.catchUp()).more);
    };
    const find = (text: string, query: Partial<IndexQuery> = {}): Promise<IndexPage> =>
      index.find({ phrases: phrasesOf(text), classes: [classroom, other], limit: 20, ...query });
    const texts = async (text: string, query: Partial<IndexQuery> = {}) =>
      (await find(text, query)).hits.map(({ message }) => message.content);

    test('messages are found by one, two and more characters, by words and their beginnings, newest first', async () => {
      const thread = await newThread();
      await say(thread, '明天交作业');
      await say(thread, '作业太多了');
      await say(thread, 'Homework again, 手机 iPhone15');
      await catchUp();
      expect(await texts('作业', { thread })).toEqual(['作业太多了', '明天交作业']);
      expect(await texts('业', { thread })).toEqual(['作业太多了', '明天交作业']);
      expect(await texts('业作', { thread })).toEqual([]);
      expect(await texts('明天 业', { thread })).toEqual(['明天交作业']);
      for (const query of ['home', 'HOMEWORK', 'ｈｏｍｅ', 'iph', '手机iph', '"手机 iphone15"', 'ho ag']) {
        expect([query, await texts(query, { thread })]).toEqual([
          query,
          query === 'ho ag' ? [] : ['Homework again, 手机 iPhone15'],
        ]);
      }
      const [hit] = (await find('作业', { thread, limit: 1 })).hits;
      expect(hit).toMatchObject({ ranges: [[0, 2]], className: '一班', threadName: 'A thread' });
    });

    test('what was edited is found as it is now, what was deleted not at all: also before the index knows', async () => {
      const thread = await newThread();
      const [first, second] = [await say(thread, '苹果 apple'), await say(thread, '苹果 pear')];
      await catchUp();
      await change(first, { kind: 'edit', content: '香蕉 banana' });
      await change(second, { kind: 'delete' });
      expect(await texts('苹果', { thread })).toEqual([]);
      await catchUp();
      expect(await texts('苹果', { thread })).toEqual([]);
      expect(await texts('香蕉', { thread })).toEqual(['香蕉 banana']);
      expect(await texts('banana', { thread })).toEqual(['香蕉 banana']);
    });

    test('a deleted thread’s messages are not found, before they are removed and after', async () => {
      const thread = await newThread();
      for (let count = 0; count < 30; count++) await say(thread, 'vanishing 消失');
      const kept = await say(await newThread(), 'vanishing but kept');
      await catchUp();
      await store.atomically([
        { query: store.db.updateTable('threads').set({ deleted: 1 }).where('id', '=', thread) },
      ]);
      const found = async () => (await find('vanishing')).hits.map(({ message }) => message.id);
      expect(await found()).toEqual([kept.id]);
      await store.purgeThreads();
      await catchUp();
      expect(await found()).toEqual([kept.id]);
      expect(await texts('消失')).toEqual([]);
    });

    test('only what is asked for: class, thread, speaker, time, link, image, file', async () => {
      const [here, there] = [await newThread(), await newThread(other)];
      await say(here, 'filter one', { date: 1_000 });
      await say(here, 'filter two https://example.org', { date: 2_000, speaker: lily });
      await say(there, 'filter three', { date: 3_000 });
      const picture = await say(there, 'filter four', { date: 1_500 });
      await under.attach(picture.id, { image: '/files/1' });
      const paper = await say(there, 'filter five', { date: 4_000 });
      await under.attach(paper.id, { file: '/files/2', name: '数学 homework.pdf' });
      await catchUp();
      const all = ['five', 'four', 'three', 'two', 'one'];
      const found = async (query: Partial<IndexQuery>) =>
        (await texts('filter ', query)).map((text) => text?.split(' ')[1]);
      expect(await found({})).toEqual(all);
      expect(await found({ classes: [classroom] })).toEqual(['two', 'one']);
      expect(await found({ classes: [] })).toEqual([]);
      expect(await found({ thread: there })).toEqual(['five', 'four', 'three']);
      expect(await found({ from: lily.id })).toEqual(['two']);
      expect(await found({ has: 'link' })).toEqual(['two']);
      expect(await found({ has: 'image' })).toEqual(['four']);
      expect(await found({ has: 'file' })).toEqual(['five']);
      expect(await found({ since: 2_000 })).toEqual(['five', 'three', 'two']);
      expect(await found({ until: 2_000 })).toEqual(['four', 'one']);
      expect(await found({ since: 1_500, until: 3_000 })).toEqual(['four', 'two']);
      expect(await found({ since: 9_000 })).toEqual([]);
      expect(await found({ since: 3_000, until: 2_000 })).toEqual([]);
      expect(await found({ thread: there, from: ming.id, has: 'image', since: 1, until: 1_501 })).toEqual([
        'four',
      ]);
      const byName = (await find('数学')).hits.find(({ message }) => message.id === paper.id);
      expect(byName).toMatchObject({ ranges: [], fileNameRanges: [[0, 2]] });
      expect((await find('', { from: lily.id, thread: here })).hits).toHaveLength(1);
    });

    test('pages follow one another without a gap or a double', async () => {
      const thread = await newThread();
      const ids: number[] = [];
      for (let count = 0; count < 45; count++) ids.unshift((await say(thread, `page 页 ${count}`)).id);
      await catchUp();
      const found: number[] = [];
      const sizes: number[] = [];
      let next: number | undefined;
      do {
        const page = await find('页', { thread, before: next });
        sizes.push(page.hits.length);
        found.push(...page.hits.map(({ message }) => message.id));
        ({ next } = page);
      } while (next !== undefined);
      expect(sizes).toEqual([20, 20, 5]);
      expect(found).toEqual(ids);
    });

    test('whoever is in very many classes finds what is in them, few as they may be among others', async () => {
      const draft = { name: 'Many', description: '', head: ming.id, date: 1 };
      const classes = await Promise.all(
        Array.from(
          { length: 240 },
          async (_, at) => (await store.createClassroom({ ...draft, code: `MANY${at}` })).id,
        ),
      );
      const threads = await Promise.all(classes.map((id) => newThread(id)));
      const own = classes.filter((_, at) => at % 2 === 0);
      const said = await Promise.all(threads.map((thread) => say(thread, 'many 多')));
      const [foreign = 0] = threads.slice(1, 2);
      await Promise.all(Array.from({ length: 2_500 }, () => say(foreign, 'many 多 of others')));
      await catchUp();
      const expected = said.filter((message) => own.includes(message.class)).map(({ id }) => id);
      const { hits } = await find('多', { classes: own, limit: 1_000 });
      expect(hits.map(({ message }) => message.id)).toEqual(expected.toReversed());
      const first = await find('多', { classes: own, limit: 7 });
      expect(first.hits.map(({ message }) => message.id)).toEqual(expected.toReversed().slice(0, 7));
      const rest = await find('多', { classes: own, limit: 1_000, before: first.next });
      expect(rest.hits).toHaveLength(expected.length - 7);
      expect((await find('', { classes: own, limit: 1_000 })).hits.length).toBe(expected.length);
    });

    test('no text is an error, and none reaches beyond its class', async () => {
      const thread = await newThread();
      await say(thread, 'odd queries');
      await catchUp();
      const odd = [
        '"',
        "'",
        '*',
        '^',
        '(',
        ')',
        '-',
        'NOT',
        'AND',
        'OR OR',
        'NEAR(a b)',
        'text:odd',
        '{text}:odd',
        '\u0000',
        'odd\u0000queries',
        '___c1',
        `___c${other}`,
        '___t1 OR odd',
        '"odd" OR 1=1',
        ';drop table words',
        '\ud800',
        '%',
        '_',
        '\\',
        '"" ""',
        'a'.repeat(200),
        '好'.repeat(200),
        '"a" '.repeat(50),
        '\u0301\u0301',
        '👨‍👩‍👧',
      ];
      for (const text of odd) expect(await texts(text, { thread, classes: [other] })).toBeArray();
      expect(await texts('odd\u0000queries', { thread })).toEqual(['odd queries']);
      expect(await texts(`___c${classroom}`, { thread })).toEqual([]);
    });

    test('whatever is said, edited and deleted, it finds what a look at every message finds', async () => {
      const chance = Chance.ofRun('search');
      const alphabet = [...'天天天空作业a bc b，👍é3ＡＢ', 'ab', 'abc', ' ', '한', 'か', 'ガ'];
      const text = (length: number) =>
        Array.from({ length: chance.between(1, length) }, () => chance.pick(alphabet)).join('');
      const threads = [await newThread(), await newThread(), await newThread(other)];
      const present = new Map<number, Message>();
      const checkAll = async (): Promise<void> => {
        for (let count = 0; count < 40; count++) {
          const asked = text(5);
          const phrases = phrasesOf(asked);
          if (phrases.length === 0) continue;
          const thread = chance.is(0.3) ? chance.pick(threads) : undefined;
          const expected = [...present.values()]
            .filter((message) => thread === undefined || message.thread === thread)
            .filter(({ content }) => findPhrases([content ?? ''], phrases))
            .map(({ id }) => id)
            .sort((a, b) => b - a);
          const since = 10_000; // what the other tests said is older
          const { hits } = await find(asked, { thread, since, limit: 1_000 });
          expect([asked, hits.map(({ message }) => message.id)]).toEqual([asked, expected]);
        }
      };
      for (let round = 0; round < 4; round++) {
        const texts = Array.from({ length: 150 }, () => `${text(12)}x`);
        const said = texts.map((content) => say(chance.pick(threads), content, { date: 10_000 }));
        for (const message of await Promise.all(said)) present.set(message.id, message);
        if (round % 2 === 0) await catchUp();
        for (let count = 0; count < 40; count++) {
          const message = chance.pick([...present.values()]);
          if (chance.is(0.5)) {
            const { message: edited } = await change(message, { kind: 'edit', content: `${text(12)}y` });
            present.set(edited.id, edited);
          } else {
            await change(message, { kind: 'delete' });
            present.delete(message.id);
          }
        }
        await catchUp();
        if (round === 2) index = await under.reopen();
        await checkAll();
      }
    }, 30_000);

    test('it knows whether the store has something new, and up to which change it is for good', async () => {
      await catchUp();
      expect(await index.isBehind()).toBe(false);
      const message = await say(await newThread(), 'something new');
      expect(await index.isBehind()).toBe(true);
      await catchUp();
      expect(await index.isBehind()).toBe(false);
      const before = await index.settle();
      await store.changeMessage({
        message: message.id,
        by: ming.id,
        change: { kind: 'pin', on: true },
        date: 1,
      });
      expect(await index.isBehind()).toBe(false); // nothing that is searched
      await change(message, { kind: 'delete' });
      expect(await index.isBehind()).toBe(true);
      await catchUp();
      if (under.keepsChanges) expect(await index.settle()).toBe(before + 1);
    });
  });
}
