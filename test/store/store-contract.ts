import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { LIMITS } from '@pokers/protocol/limits';
import type { MessageChange, Store, User } from '@pokers/server/store/store';
import { failureOf } from '../actors/failure.ts';

/** A store under test, on its real engine. */
export interface StoreUnderTest {
  readonly store: Store;
  /** People are the accounts' business: this makes one by the shortest way. */
  addUser(name: string): Promise<User>;
  /** Closes the store and opens it again on the same data. */
  reopen(): Promise<Store>;
  end(): Promise<void>;
}

/** What every store promises. */
export function storeContract(engine: string, start: () => Promise<StoreUnderTest>): void {
  describe(`the store on ${engine}`, () => {
    let under: StoreUnderTest;
    let store: Store;
    let ming: User;
    let lily: User;
    let classroom: number;

    beforeAll(async () => {
      under = await start();
      store = under.store;
      ming = await under.addUser('Ming 小明');
      lily = await under.addUser('Lily');
      const draft = { name: '一班', description: '', code: 'CODEAAAA', head: ming.id, date: 1 };
      classroom = (await store.createClassroom(draft)).id;
    });
    afterAll(() => under.end());

    const newThread = () => store.createThread({ classroom, name: 'A thread', creator: ming.id, date: 1 });
    const say = (
      thread: number,
      content: string,
      more: { nonce?: string; speaker?: User; file?: number } = {},
    ) => {
      const { speaker = ming, ...rest } = more;
      return store.appendMessage({
        thread,
        speaker: speaker.id,
        speakerName: speaker.name,
        isSuper: false,
        content,
        date: 100,
        ...rest,
      });
    };

    const change = (message: number, change: MessageChange, more: { nonce?: string; by?: User } = {}) => {
      const { by = ming, ...rest } = more;
      return store.changeMessage({ message, by: by.id, change, date: 200, ...rest });
    };

    test('a class has its creator for a head, and whoever joins has the role they came with', async () => {
      expect(await store.membership(ming.id, classroom)).toEqual({ role: 'head', muted_until: null });
      expect(await store.membership(lily.id, classroom)).toBeUndefined();
      await store.addMember({ user: lily.id, classroom, role: 'student', date: 2 });
      await store.addMember({ user: ming.id, classroom, role: 'student', date: 2 });
      const page = { after: 0, limit: 10 };
      expect(await store.membersOf(classroom, page)).toEqual([
        { id: ming.id, name: ming.name, role: 'head', muted_until: null },
        { id: lily.id, name: lily.name, role: 'student', muted_until: null },
      ]);
      expect(await store.membersOf(classroom, { after: ming.id, limit: 1 })).toMatchObject([{ id: lily.id }]);
      expect(await store.countMembers(classroom)).toBe(2);
      const found = await store.classroom(classroom);
      expect(found).toMatchObject({ name: '一班' });
      expect(await store.classroomByCode(found?.code ?? '')).toEqual(found);
      expect(await store.classroomsOf(lily.id)).toMatchObject([
        { id: classroom, role: 'student', members: 2 },
      ]);
    });

    test('what does not exist is not found', async () => {
      expect(await store.classroom(999)).toBeUndefined();
      expect(await store.classroomByCode('NOPE')).toBeUndefined();
      expect(await store.thread(999)).toBeUndefined();
      expect(await store.user(999)).toBeUndefined();
      expect(await store.message(999)).toBeUndefined();
      expect(
        await failureOf(store.createThread({ classroom: 999, name: 'x', creator: ming.id, date: 1 })),
      ).toMatchObject({
        error: 'class_not_found',
      });
      expect(await failureOf(say(999, 'hello?'))).toMatchObject({ error: 'thread_not_found' });
      expect(await failureOf(change(999, { kind: 'delete' }))).toMatchObject({
        error: 'message_not_found',
      });
    });

    test('every change takes the next seq of its thread, and no other thread’s', async () => {
      const [one, two] = await Promise.all([newThread(), newThread()]);
      const first = await say(one.id, 'first');
      const other = await say(two.id, 'in the other');
      const second = await say(one.id, 'second', { speaker: lily });
      expect([first, other, second].map(({ message }) => [message.seq, message.number])).toEqual([
        [1, 1],
        [1, 1],
        [2, 2],
      ]);
      const edited = await change(first.message.id, { kind: 'edit', content: 'First!' });
      expect(edited.message).toMatchObject({ seq: 3, number: 1, content: 'First!', edited: 200 });
      const gone = await change(second.message.id, { kind: 'delete' });
      expect(gone.message).toMatchObject({ seq: 4, number: 2, content: null, deleted: 200 });
      expect(await store.thread(one.id)).toMatchObject({ seq: 4, messages: 2, last: 100 });
      expect(await store.thread(two.id)).toMatchObject({ seq: 1, messages: 1 });
    });

    test('what changed after a seq is each message once, in its present state, in order', async () => {
      const { id } = await newThread();
      const said = [];
      for (const text of ['one', 'two', 'three', 'four']) said.push((await say(id, text)).message);
      await change(said[1]?.id ?? 0, { kind: 'edit', content: 'zwei' });
      await change(said[0]?.id ?? 0, { kind: 'delete' });
      const since = async (after: number, limit = 10) =>
        (await store.changesSince(id, after, limit)).map(({ seq, content }) => [seq, content]);
      expect(await since(0)).toEqual([
        [3, 'three'],
        [4, 'four'],
        [5, 'zwei'],
        [6, null],
      ]);
      expect(await since(4)).toEqual([
        [5, 'zwei'],
        [6, null],
      ]);
      expect(await since(0, 2)).toEqual([
        [3, 'three'],
        [4, 'four'],
      ]);
      expect(await since(6)).toEqual([]);
    });

    test('a deleted message stays deleted, without reactions or pin: it can be deleted again, and nothing else', async () => {
      const { id } = await newThread();
      const { message } = await say(id, 'oops');
      await change(message.id, { kind: 'react', emoji: '👍', on: true });
      await change(message.id, { kind: 'pin', on: true });
      const gone = await change(message.id, { kind: 'delete' });
      expect(gone.message).toMatchObject({ seq: 4, content: null, reactions: [], pinned: null });
      expect(await change(message.id, { kind: 'delete' })).toEqual({ message: gone.message, fresh: false });
      for (const other of [
        { kind: 'edit', content: 'back' },
        { kind: 'react', emoji: '👍', on: true },
        { kind: 'pin', on: true },
      ] as const) {
        expect(await failureOf(change(message.id, other))).toMatchObject({ error: 'message_not_found' });
      }
    });

    test('a reaction is a person’s own, once; taking off the last one takes it away', async () => {
      const { id: thread } = await newThread();
      const { message } = await say(thread, 'well done');
      const react = (emoji: string, on: boolean, by = ming) =>
        change(message.id, { kind: 'react', emoji, on }, { by });
      expect(await react('👍', true)).toMatchObject({ fresh: true });
      expect(await react('👍', true)).toMatchObject({ fresh: false });
      await react('🎉', true, lily);
      expect((await react('👍', true, lily)).message.reactions).toEqual([
        ['👍', [ming.id, lily.id]],
        ['🎉', [lily.id]],
      ]);
      expect((await react('👍', false)).message.reactions[0]).toEqual(['👍', [lily.id]]);
      expect((await react('👍', false, lily)).message.reactions).toEqual([['🎉', [lily.id]]]);
      expect(await react('👍', false, lily)).toMatchObject({ fresh: false });
      const stored = await store.message(message.id);
      expect(stored).toMatchObject({ seq: 6, reactions: [['🎉', [lily.id]]], content: 'well done' });
      for (let n = 1; n < LIMITS.emojiPerMessage; n++) await react(String.fromCodePoint(0x1f600 + n), true);
      expect(await failureOf(react('🐼', true))).toMatchObject({ error: 'limit_reached' });
    });

    test('a change under a nonce takes effect once, even after it was undone since', async () => {
      const { id: thread } = await newThread();
      const { message } = await say(thread, 'pin me', { nonce: 'the post’s' });
      const pin = (on: boolean, nonce: string) => change(message.id, { kind: 'pin', on }, { nonce });
      await pin(true, 'on');
      await pin(false, 'off');
      expect(await pin(true, 'on')).toMatchObject({ fresh: false, message: { pinned: null, seq: 3 } });
      const other = await say(thread, 'another');
      expect(await failureOf(change(other.message.id, { kind: 'delete' }, { nonce: 'on' }))).toMatchObject({
        error: 'nonce_conflict',
      });
      expect(await failureOf(change(message.id, { kind: 'delete' }, { nonce: 'on' }))).toMatchObject({
        error: 'nonce_conflict',
      });
      expect(await failureOf(pin(true, 'the post’s'))).toMatchObject({ error: 'nonce_conflict' });
      expect(await failureOf(say(thread, 'again', { nonce: 'on' }))).toMatchObject({
        error: 'nonce_conflict',
      });
      expect(await change(other.message.id, { kind: 'delete' }, { nonce: 'on', by: lily })).toMatchObject({
        fresh: true,
      });
      await store.forgetChanges(200);
      expect(await pin(true, 'on')).toMatchObject({ fresh: false });
      await store.forgetChanges(201);
      expect(await pin(true, 'on')).toMatchObject({ fresh: true });
    });

    test('what is unread is what was posted after the last message that one has read', async () => {
      const { id: thread } = await newThread();
      for (const text of ['one', 'two', 'three']) await say(thread, text);
      expect(await store.reading(lily.id, thread)).toEqual({ unread: 3, mentions: 0, read: null });
      const { messages } = await store.history(thread, { limit: 9 });
      const [one, two, three] = messages;
      if (!one || !two || !three) throw new Error('a message is missing');
      await store.markRead({ user: lily.id, thread, message: two.id, number: 2 });
      await store.markRead({ user: lily.id, thread, message: one.id, number: 1 });
      expect(await store.reading(lily.id, thread)).toEqual({ unread: 1, mentions: 0, read: two.id });
      expect(await store.reading(ming.id, thread)).toMatchObject({ unread: 0, read: three.id }); // they are his own
      const listed = await store.threadsOf(classroom, lily.id);
      expect(listed.find(({ id }) => id === thread)).toMatchObject({ messages: 3, unread: 1, read: two.id });
    });

    test('mentions are counted while they are unread, and move with edits and deletions', async () => {
      const { id: thread } = await newThread();
      const mention = (...mentions: number[]) =>
        store.appendMessage({
          thread,
          speaker: ming.id,
          speakerName: ming.name,
          isSuper: false,
          content: 'hey',
          mentions,
          date: 100,
        });
      const unread = async (user: User) => (await store.reading(user.id, thread)).mentions;
      const { message: first } = await mention(lily.id);
      const { message: everyone } = await mention(0, lily.id);
      expect(first).toMatchObject({ mentions: [lily.id] });
      expect(await store.message(everyone.id)).toMatchObject({ mentions: [0, lily.id] });
      expect(await unread(lily)).toBe(2);
      await change(first.id, { kind: 'edit', content: 'hey', mentions: [] });
      expect(await unread(lily)).toBe(1);
      await change(first.id, { kind: 'edit', content: 'hey you', mentions: [lily.id] });
      await change(first.id, { kind: 'edit', content: 'hey there' });
      expect(await unread(lily)).toBe(2);
      await change(everyone.id, { kind: 'delete' });
      expect(await unread(lily)).toBe(1);
      await store.markRead({ user: lily.id, thread, message: everyone.id, number: everyone.number });
      expect(await unread(lily)).toBe(0);
    });

    test('an answer knows what it answers', async () => {
      const { id: thread } = await newThread();
      const { message } = await say(thread, 'When?');
      const { message: answer } = await store.appendMessage({
        thread,
        speaker: lily.id,
        speakerName: lily.name,
        isSuper: false,
        content: 'At four',
        reply: message.id,
        date: 101,
      });
      expect(answer).toMatchObject({ reply: message.id, mentions: [] });
      expect(await store.message(answer.id)).toEqual(answer);
    });

    test('a page begins at a message, and a time is found', async () => {
      const { id: thread } = await newThread();
      const posted: number[] = [];
      for (let minute = 0; minute < 20; minute++) {
        const { message } = await store.appendMessage({
          thread,
          speaker: ming.id,
          speakerName: ming.name,
          isSuper: false,
          content: `minute ${minute}`,
          date: 6_000 + minute * 60,
        });
        posted.push(message.id);
        await say((await newThread()).id, 'elsewhere'); // ids between are others'
      }
      const page = await store.historyFrom(thread, { from: posted[5] ?? 0, limit: 3 });
      expect(page).toMatchObject({ messages: posted.slice(5, 8).map((id) => ({ id })), more: true });
      expect(await store.historyFrom(thread, { from: posted[18] ?? 0, limit: 3 })).toMatchObject({
        more: false,
      });
      for (const minute of [0, 1, 7, 19]) {
        expect(await store.messageAt(thread, 6_000 + minute * 60)).toBe(posted[minute]);
        expect(await store.messageAt(thread, 5_941 + minute * 60)).toBe(posted[minute]);
      }
      expect(await store.messageAt(thread, 0)).toBe(posted[0]);
      expect(await store.messageAt(thread, 10_000)).toBeUndefined();
      expect(await store.messageAt((await newThread()).id, 0)).toBeUndefined();
    });

    test('history is read backwards in pages that leave nothing out and repeat nothing', async () => {
      const { id } = await newThread();
      for (let index = 1; index <= 7; index++) await say(id, `line ${index}`);
      const read: string[] = [];
      let before: number | undefined;
      for (;;) {
        const page = await store.history(id, before === undefined ? { limit: 3 } : { before, limit: 3 });
        read.unshift(...page.messages.map(({ content }) => content ?? ''));
        before = page.messages[0]?.id;
        if (!page.more) break;
      }
      expect(read).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5', 'line 6', 'line 7']);
    });

    test('a nonce stores a message once, however often and from wherever it is sent', async () => {
      const { id } = await newThread();
      const nonce = crypto.randomUUID();
      const answers = await Promise.all(Array.from({ length: 20 }, () => say(id, 'once', { nonce })));
      expect(answers.filter(({ fresh }) => fresh)).toHaveLength(1);
      expect(new Set(answers.map(({ message }) => message.id)).size).toBe(1);
      expect(await store.thread(id)).toMatchObject({ seq: 1, messages: 1 });
    });

    test('a nonce is the speaker’s own, and good for one thread', async () => {
      const [one, two] = await Promise.all([newThread(), newThread()]);
      const nonce = crypto.randomUUID();
      expect(await say(one.id, 'Ming’s', { nonce })).toMatchObject({ fresh: true });
      expect(await say(one.id, 'Lily’s', { nonce, speaker: lily })).toMatchObject({ fresh: true });
      expect(await failureOf(say(two.id, 'elsewhere', { nonce }))).toMatchObject({ error: 'nonce_conflict' });
      expect(await store.thread(two.id)).toMatchObject({ seq: 0, messages: 0 });
    });

    test('a post takes a file of its speaker’s and class along, once, or nothing happens', async () => {
      const { id } = await newThread();
      const file = async (about: { name: string; uploader?: number; done?: null; picture?: true }) => {
        const { name, uploader = ming.id, done = 3, picture } = about;
        const shape = picture && { width: 40, height: 30, preview: 'AAAA' };
        const row = {
          class_id: classroom,
          uploader,
          name,
          size: 5,
          key: crypto.randomUUID(),
          begun: 2,
          done,
        };
        const query = store.db
          .insertInto('files')
          .values({ ...row, ...shape })
          .returning('id');
        const [rows] = await store.atomically([{ query }]);
        return Number(rows?.[0]?.id);
      };
      const picture = await file({ name: 'a.png', picture: true });
      const notes = await file({ name: '笔记.txt' });
      const lilys = await file({ name: 'b', uploader: lily.id });
      const half = await file({ name: 'c', done: null });
      const refused = async (file: number, content = '') =>
        (await failureOf(say(id, content, { file }))) as { error: string };
      expect(await refused(lilys)).toMatchObject({ error: 'file_not_found' });
      expect(await refused(half)).toMatchObject({ error: 'upload_unfinished' });
      expect(await refused(notes, 'words')).toMatchObject({ error: 'file_has_no_words' });
      expect(await store.thread(id)).toMatchObject({ seq: 0, messages: 0 });

      const shown = await say(id, 'look', { file: picture });
      expect(shown.message).toMatchObject({
        type: 'text',
        content: 'look',
        img_url: `/files/${picture}/a.png`,
        picture: [40, 30, 'AAAA'],
      });
      const given = await say(id, '', { file: notes });
      const name = '笔记.txt';
      expect(given.message).toMatchObject({ type: 'file', content: null, file_name: name, file_size: 5 });
      expect(await refused(picture)).toMatchObject({ error: 'file_not_found' });
      expect(await store.message(shown.message.id)).toEqual(shown.message);
      expect(await store.message(given.message.id)).toEqual(given.message);
      const all = await store.filesOf(id, { pictures: false, limit: 10 });
      expect(all).toEqual({ messages: [given.message, shown.message], more: false });
      expect((await store.filesOf(id, { pictures: true, limit: 10 })).messages).toEqual([shown.message]);

      await change(shown.message.id, { kind: 'delete' });
      expect(await store.message(shown.message.id)).toMatchObject({ img_url: null, picture: null });
      const isGone = await store.db.selectFrom('files').select('gone').where('id', '=', picture).execute();
      expect(isGone).toEqual([{ gone: 1 }]);
    });

    test('posts that come together are stored in one order, without gap or double, beside ones that fail', async () => {
      const { id } = await newThread();
      const posts = Array.from({ length: 500 }, (_, index) => say(id, `post ${index}`));
      const failing = Array.from({ length: 50 }, () => say(999, 'nowhere').catch((error) => error.error));
      const stored = (await Promise.all(posts)).map(({ message }) => message);
      expect(new Set(await Promise.all(failing))).toEqual(new Set(['thread_not_found']));
      expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
      expect(stored.map(({ id }) => id)).toEqual(stored.map(({ id }) => id).toSorted((a, b) => a - b));
    });

    test('everything, the epoch included, is there after the store was closed and opened again', async () => {
      const { id } = await newThread();
      const nonce = crypto.randomUUID();
      const { message } = await say(id, '还在吗？', { nonce });
      const { epoch } = store;
      store = await under.reopen();
      expect(store.epoch).toBe(epoch);
      expect(await store.message(message.id)).toEqual(message);
      expect(await say(id, '还在吗？', { nonce })).toEqual({ message, fresh: false });
    });
  });
}
