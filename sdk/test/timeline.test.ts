import { describe, expect, test } from 'bun:test';
import type { Change } from '@pokers/protocol/message';
import type { Reply } from '@pokers/protocol/v2';
import { Timeline, toStretch } from '../src/timeline.ts';

const MING = 1;
const ANNA = 2;
const names = { [MING]: 'Ming', [ANNA]: 'Anna' };

const said = (seq: number, id: number, content: string | 0 = `message ${id}`, speaker = MING): Change => [
  seq,
  id,
  speaker,
  1_700_000_000 + id,
  content,
];
const history = (messages: Change[], seq: number, more = false): Reply<'history'> => ({
  op: 'history',
  thread: 7,
  messages,
  names,
  more,
  seq,
});
const resume = (changes: Change[], seq: number, more = false): Reply<'resume'> => ({
  op: 'resume',
  thread: 7,
  changes,
  names,
  more,
  seq,
});
const event = (...e: Change[]) => toStretch({ op: 'ev', t: 7, e });
const eventSince = (s: number, ...e: Change[]) => toStretch({ op: 'ev', t: 7, e, s });
const ids = (timeline: Timeline) => timeline.messages.map((message) => message.id);

function timelineWith(page: Reply<'history'>, capacity = 100): Timeline {
  const timeline = new Timeline(7, capacity);
  timeline.replace(page);
  return timeline;
}

describe('what a live event covers', () => {
  test('changes that follow one another begin after the one before the first', () => {
    expect(event(said(5, 1), said(6, 2))).toMatchObject({ since: 4, last: 6 });
  });

  test('with a since, they are all that came after it, holes and all', () => {
    expect(eventSince(3, said(5, 1), said(9, 2))).toMatchObject({ since: 3, last: 9 });
  });

  test('changes with a hole and without a since follow nothing', () => {
    const timeline = timelineWith(history([said(4, 1)], 4));
    expect(timeline.follows(event(said(5, 2), said(7, 3)))).toBe(false);
  });
});

describe('live events', () => {
  test('Anna’s next message is put at the end, and told as new', () => {
    const timeline = timelineWith(history([said(1, 10)], 1));
    const next = event(said(2, 11, 'hello', ANNA));
    expect(timeline.follows(next)).toBe(true);
    expect(timeline.take(next)).toEqual([
      {
        id: 11,
        seq: 2,
        thread: 7,
        speaker: ANNA,
        name: 'Anna',
        date: 1_700_000_011,
        content: 'hello',
        deleted: false,
        mentions: [],
        reactions: [],
      },
    ]);
    expect(ids(timeline)).toEqual([10, 11]);
    expect(timeline.seq).toBe(2);
  });

  test('an event after the next one leaves a gap', () => {
    const timeline = timelineWith(history([said(1, 10)], 1));
    expect(timeline.follows(event(said(3, 12)))).toBe(false);
    expect(timeline.follows(eventSince(2, said(3, 12)))).toBe(false);
  });

  test('an event with a since leaves no gap if the since is known, however far it jumps', () => {
    const timeline = timelineWith(history([said(5, 10)], 5));
    const jump = eventSince(4, said(5, 10), said(9, 12));
    expect(timeline.follows(jump)).toBe(true);
    expect(timeline.take(jump).map((message) => message.id)).toEqual([12]);
    expect(timeline.seq).toBe(9);
  });

  test('an old event changes nothing, and does not turn the seq back', () => {
    const timeline = timelineWith(history([said(5, 10, 'now')], 5));
    expect(timeline.take(event(said(3, 10, 'before')))).toEqual([]);
    expect(timeline.messages[0]?.content).toBe('now');
    expect(timeline.seq).toBe(5);
  });

  test('an older state never takes the place of a newer one, whatever brings it', () => {
    const timeline = timelineWith(history([said(9, 10, 'newest')], 4));
    expect(timeline.take(event(said(5, 10, 'older')))).toEqual([]);
    expect(timeline.messages[0]?.content).toBe('newest');
    expect(timeline.seq).toBe(5);
  });

  test('a message that changes twice in one event is told once, in its last state', () => {
    const timeline = timelineWith(history([], 0));
    const changed = timeline.take(event(said(1, 10, 'helo'), said(2, 10, 'hello')));
    expect(changed.map((message) => message.content)).toEqual(['hello']);
    expect(timeline.messages).toEqual(changed);
  });

  test('a deleted message stays as a tombstone without content', () => {
    const timeline = timelineWith(history([said(1, 10)], 1));
    const [tombstone] = timeline.take(event(said(2, 10, 0)));
    expect(tombstone).toMatchObject({ id: 10, deleted: true, content: '' });
    expect(timeline.messages).toHaveLength(1);
  });

  test('a changed message is another object, so that a view can see it', () => {
    const timeline = timelineWith(history([said(1, 10)], 1));
    const before = timeline.messages[0];
    timeline.take(event(said(2, 10, 'edited')));
    expect(timeline.messages[0]).not.toBe(before);
    expect(before?.content).toBe('message 10');
  });

  test('messages are in order of id, whatever the order of their commits', () => {
    const timeline = timelineWith(history([], 0));
    timeline.take(event(said(1, 12), said(2, 10), said(3, 11)));
    expect(ids(timeline)).toEqual([10, 11, 12]);
  });

  test('edits, images and files come along', () => {
    const timeline = timelineWith(history([], 0));
    const file = { url: '/f', name: 'f.pdf', size: 3 };
    const [message] = timeline.take(event([1, 10, MING, 0, '', { ed: 99, img: '/i.png', file }]));
    expect(message).toMatchObject({ edited: 99, img: '/i.png', file, content: '' });
  });
});

describe('older messages', () => {
  const newest = () => timelineWith(history([said(3, 30), said(4, 40)], 4, true));

  test('a page goes in front', () => {
    const timeline = newest();
    expect(timeline.prepend(history([said(1, 10), said(2, 20)], 4, false), 30)).toBe(true);
    expect(ids(timeline)).toEqual([10, 20, 30, 40]);
    expect(timeline.hasOlder).toBe(false);
  });

  test('a change to a message that is not loaded is left out, but counts for the seq', () => {
    const timeline = newest();
    expect(timeline.take(event(said(5, 10, 'edited')))).toEqual([]);
    expect(ids(timeline)).toEqual([30, 40]);
    expect(timeline.seq).toBe(5);
  });

  test('a page that was read before such a change is not taken, one that was read after it is', () => {
    const timeline = newest();
    timeline.take(event(said(5, 10, 'edited')));
    expect(timeline.prepend(history([said(1, 10), said(2, 20)], 4), 30)).toBe(false);
    expect(ids(timeline)).toEqual([30, 40]);
    expect(timeline.prepend(history([said(5, 10, 'edited'), said(2, 20)], 5), 30)).toBe(true);
    expect(timeline.messages[0]?.content).toBe('edited');
  });

  test('a page that was read for another oldest message is not taken', () => {
    const timeline = newest();
    expect(timeline.prepend(history([said(1, 10)], 4), 20)).toBe(false);
  });

  test('a page from before a reload is not taken', () => {
    const timeline = newest();
    timeline.replace(history([said(3, 30), said(9, 40)], 9, true));
    expect(timeline.prepend(history([said(1, 10), said(2, 20)], 4), 30)).toBe(false);
  });

  test('in a thread that is loaded to its beginning, nothing counts as older', () => {
    const timeline = timelineWith(history([said(2, 20)], 2, false));
    timeline.take(event(said(3, 10)));
    expect(ids(timeline)).toEqual([10, 20]);
  });
});

describe('catching up', () => {
  test('the seq goes to where the page ends, for its holes are changes that were made again later', () => {
    const timeline = timelineWith(history([said(1, 10)], 1));
    const changed = timeline.catchUp(resume([said(4, 11), said(8, 10, 'edited again')], 9));
    expect(changed.map((message) => message.id)).toEqual([10, 11]);
    expect(timeline.seq).toBe(9);
  });

  test('an event that was held during it and is on its page already changes nothing', () => {
    const timeline = timelineWith(history([said(1, 10)], 1));
    timeline.catchUp(resume([said(3, 12)], 3));
    expect(timeline.take(event(said(3, 12)))).toEqual([]);
    expect(timeline.seq).toBe(3);
  });
});

describe('names', () => {
  test('a new speaker without a name is noticed', () => {
    const timeline = timelineWith(history([said(1, 10)], 1));
    const change = said(2, 11, 'hi', 99);
    expect(timeline.nameless([change, said(3, 12)])).toEqual([change]);
    timeline.learn({ 99: 'Oscar' });
    expect(timeline.nameless([change])).toEqual([]);
    expect(timeline.take(event(change))[0]?.name).toBe('Oscar');
  });

  test('who changes a message that is not loaded, or is past, needs no name', () => {
    const timeline = timelineWith(history([said(3, 30)], 3, true));
    expect(timeline.nameless([said(4, 10, 'edited', 99), said(3, 30, 'x', 98)])).toEqual([]);
  });

  test('names are forgotten with everything else when another truth begins', () => {
    const timeline = timelineWith(history([said(1, 10)], 1));
    timeline.forget();
    expect(timeline.messages).toEqual([]);
    expect([timeline.seq, timeline.loaded, timeline.hasOlder]).toEqual([0, false, false]);
    expect(timeline.nameless([said(1, 10)])).toHaveLength(1);
  });
});

describe('a bounded timeline', () => {
  test('lets the oldest half go, which can be loaded again', () => {
    const timeline = timelineWith(history([], 0), 10);
    timeline.take(event(...Array.from({ length: 10 }, (_, i) => said(i + 1, i + 1))));
    expect(timeline.trim()).toBe(false);
    timeline.take(event(said(11, 11)));
    expect(timeline.trim()).toBe(true);
    expect(ids(timeline)).toEqual([7, 8, 9, 10, 11]);
    expect(timeline.hasOlder).toBe(true);
    expect(timeline.prepend(history([said(5, 5), said(6, 6)], 10, true), 7)).toBe(false);
    expect(timeline.prepend(history([said(5, 5), said(6, 6)], 11, true), 7)).toBe(true);
    expect(ids(timeline)).toEqual([5, 6, 7, 8, 9, 10, 11]);
  });
});

describe('another place of the thread', () => {
  const page = (messages: Change[], seq: number, newer: boolean): Reply<'history'> => ({
    ...history(messages, seq, true),
    ...(newer && { newer }),
  });
  const inTheMiddle = (): Timeline => {
    const timeline = timelineWith(history([said(90, 90)], 90, true));
    expect(timeline.show(page([said(10, 10), said(11, 11)], 90, true))).toBe(true);
    return timeline;
  };

  test('what is posted meanwhile is not loaded, but told once, without the deleted and the edited', () => {
    const timeline = inTheMiddle();
    expect(timeline.take(event(said(91, 91, 'new', ANNA)))).toEqual([]);
    timeline.take(event(said(92, 91, 'edited', ANNA), said(93, 92, 0), said(94, 50)));
    expect(timeline.takeBeyond()).toEqual([{ id: 91, speaker: ANNA }]);
    expect(timeline.takeBeyond()).toEqual([]);
    expect(ids(timeline)).toEqual([10, 11]);
    expect(timeline.newest).toBe(92);
  });

  test('an edit of what is loaded is seen at once', () => {
    const timeline = inTheMiddle();
    timeline.take(event(said(91, 11, 'edited')));
    expect(timeline.messages.map(({ content }) => content)).toEqual(['message 10', 'edited']);
  });

  test('newer pages lead back to the newest, where live messages go on', () => {
    const timeline = inTheMiddle();
    expect(timeline.append(page([said(12, 12)], 90, true), 11)).toBe(true);
    expect(timeline.hasNewer).toBe(true);
    expect(timeline.append(page([said(90, 90)], 90, false), 12)).toBe(true);
    expect(timeline.hasNewer).toBe(false);
    timeline.take(event(said(91, 91)));
    expect(ids(timeline)).toEqual([10, 11, 12, 90, 91]);
  });

  test('a page that was read before a change that was left out is asked for again', () => {
    const timeline = inTheMiddle();
    timeline.take(event(said(91, 12, 'edited')));
    expect(timeline.append(page([said(12, 12)], 90, true), 11)).toBe(false);
    expect(timeline.append(page([said(91, 12, 'edited')], 91, true), 11)).toBe(true);
    expect(timeline.append(page([said(13, 13)], 91, true), 11)).toBe(false);
    expect(timeline.show(page([said(20, 20)], 90, true))).toBe(false);
  });

  test('what was let go at either end is loaded again as it is then', () => {
    const timeline = timelineWith(history([said(1, 1), said(2, 2), said(3, 3), said(4, 4)], 4));
    timeline.letGo(1, 1);
    expect(ids(timeline)).toEqual([2, 3]);
    expect([timeline.hasOlder, timeline.hasNewer]).toEqual([true, true]);
    timeline.take(event(said(5, 4, 'edited')));
    expect(timeline.takeBeyond()).toEqual([]);
    expect(timeline.append(page([said(4, 4)], 4, false), 3)).toBe(false);
    expect(timeline.append(page([said(5, 4, 'edited')], 5, false), 3)).toBe(true);
    expect(timeline.messages.at(-1)?.content).toBe('edited');
  });

  test('a page ahead of its events loses none of them', () => {
    const timeline = timelineWith(history([said(90, 90)], 90, true));
    timeline.show(page([said(10, 10)], 92, true));
    timeline.take(event(said(91, 91, 'new', ANNA)));
    expect(timeline.takeBeyond()).toEqual([{ id: 91, speaker: ANNA }]);
    expect(timeline.seq).toBe(91);
  });
});
