import { expect, test } from 'bun:test';
import type { ChatMessage } from '@pokers/sdk';
import { type PendingPost, toPendingPost, unshown } from './pending-post.ts';

const MING = 1;
const LI = 2;

const message = (id: number, speaker: number, content: string): ChatMessage => ({
  id,
  seq: id,
  thread: 1,
  speaker,
  name: '',
  date: 0,
  content,
  deleted: false,
  mentions: [],
  reactions: [],
});
const post = (key: string, content: string, more: Partial<PendingPost> = {}): PendingPost => ({
  key,
  content,
  date: 0,
  after: 10,
  status: 'sending',
  ...more,
});
const keys = (posts: readonly PendingPost[]): string[] => posts.map(({ key }) => key);

test('A post shows until its message is there', () => {
  expect(keys(unshown([post('1', 'hello')], [message(10, MING, 'before')], MING))).toEqual(['1']);
});

test('The event comes before the answer: the post is not shown beside its message', () => {
  expect(unshown([post('1', 'hello')], [message(11, MING, 'hello')], MING)).toEqual([]);
});

test('The answer comes before the event: the post stays until the message is there', () => {
  const answered = [post('1', 'hello', { id: 12 })];
  expect(keys(unshown(answered, [message(11, LI, 'hello')], MING))).toEqual(['1']);
  expect(unshown(answered, [message(12, MING, 'hello')], MING)).toEqual([]);
});

test('The same words twice: each message stands for one post', () => {
  const posts = [post('1', 'ok'), post('2', 'ok')];
  expect(keys(unshown(posts, [message(11, MING, 'ok')], MING))).toEqual(['2']);
  expect(unshown(posts, [message(11, MING, 'ok'), message(12, MING, 'ok')], MING)).toEqual([]);
});

test('An answered post is not mixed up with an unanswered one of the same words', () => {
  const posts = [post('1', 'ok', { id: 11 }), post('2', 'ok')];
  expect(keys(unshown(posts, [message(11, MING, 'ok')], MING))).toEqual(['2']);
});

test('The same words of someone else, or from before, stand for nothing', () => {
  const messages = [message(9, MING, 'hello'), message(11, LI, 'hello')];
  expect(keys(unshown([post('1', 'hello')], messages, MING))).toEqual(['1']);
});

test('A failed post always shows', () => {
  const failed = [post('1', 'hello', { status: 'failed' })];
  expect(keys(unshown(failed, [message(11, MING, 'hello')], MING))).toEqual(['1']);
});

test('A post that was written before any message was known is not mixed up with an old one', () => {
  const early = [post('1', 'hello', { after: undefined })];
  expect(keys(unshown(early, [message(11, MING, 'hello')], MING))).toEqual(['1']);
  expect(
    unshown([post('1', 'hello', { after: undefined, id: 11 })], [message(11, MING, 'hello')], MING),
  ).toEqual([]);
});

test('Of the outbox only posts are shown, with the second in which they were written', () => {
  const entry = { id: 'a', at: 5_900.001, thread: 1, status: 'pending', kept: true } as const;
  expect(toPendingPost({ ...entry, action: 'post', content: 'hello', after: 4 })).toMatchObject({
    key: 'a',
    date: 5,
    after: 4,
    status: 'sending',
  });
  expect(toPendingPost({ ...entry, action: 'delete', message: 3 })).toBeUndefined();
});
