import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Message } from '@pokers/protocol/message';
import type { BusEvent, ThreadEvent } from '@pokers/server/bus/bus';

/** One process on the bus, as the test sees it. */
export interface Participant {
  readonly name: string;
  publish(event: BusEvent): void;
  /** Everything heard so far, in order; 'gap' where it was told that something may be missing. */
  readonly heard: (BusEvent | 'gap')[];
}

export interface BusUnderTest {
  /** All processes on one bus: as many as this kind of bus can join, at most three. */
  readonly participants: readonly Participant[];
  end(): Promise<void>;
}

/** The thread of `eventOf`, which all participants follow. */
export const THREAD = 1;

/** What every bus promises. */
export function busContract(kind: string, start: () => Promise<BusUnderTest>): void {
  describe(`the bus ${kind}`, () => {
    let under: BusUnderTest;

    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under.end());

    const heardFrom = (listener: Participant, content: string) =>
      listener.heard.flatMap((event) =>
        event !== 'gap' && 'message' in event && event.message.content?.startsWith(content) ? [event] : [],
      );

    /** Waits until everyone has heard `count` events whose content starts so. */
    const everyoneHears = async (content: string, count: number): Promise<void> => {
      const deadline = Date.now() + 5_000;
      while (under.participants.some((participant) => heardFrom(participant, content).length < count)) {
        if (Date.now() > deadline) throw new Error(`not everyone heard ${count} of “${content}”`);
        await Bun.sleep(2);
      }
    };

    test('everyone hears what anyone publishes, the publisher included, whole and once', async () => {
      for (const { name, publish } of under.participants) publish(eventOf(`hello from ${name} 你好 "\\ 🎉`));
      await everyoneHears('hello', under.participants.length);
      for (const { name, publish } of under.participants) publish(eventOf(`barrier of ${name}`, 'announced'));
      await everyoneHears('barrier', under.participants.length);
      for (const listener of under.participants) {
        for (const { name } of under.participants) {
          expect(heardFrom(listener, `hello from ${name}`)).toEqual([
            eventOf(`hello from ${name} 你好 "\\ 🎉`),
          ]);
          expect(heardFrom(listener, `barrier of ${name}`)).toEqual([
            eventOf(`barrier of ${name}`, 'announced'),
          ]);
        }
      }
    });

    test('everyone hears what is for everyone, and signals of a thread that they follow', async () => {
      const events = (name: string): BusEvent[] => [
        { kind: 'sessions-ended', user: name.length },
        { kind: 'class-changed', class: 7, user: 8 },
        { kind: 'class-changed', class: 9 },
        { kind: 'signal', name: `${name} waves`, body: { to: ['all', null, 1.5] } },
        { kind: 'signal', name: `${name} types`, thread: THREAD, body: true },
      ];
      const isOf = (name: string) => (event: BusEvent | 'gap') =>
        typeof event === 'object' && event.kind === 'signal' && event.name.startsWith(name);
      for (const listener of under.participants) listener.heard.length = 0;
      for (const { name, publish } of under.participants) for (const event of events(name)) publish(event);
      const deadline = Date.now() + 5_000;
      const hasAll = ({ heard }: Participant) =>
        under.participants.every(({ name }) => heard.filter(isOf(name)).length === 2);
      while (!under.participants.every(hasAll) && Date.now() < deadline) await Bun.sleep(2);
      const all = under.participants
        .flatMap(({ name }) => events(name))
        .map((event) => JSON.stringify(event));
      for (const { heard } of under.participants) {
        expect(heard.map((event) => JSON.stringify(event)).toSorted()).toEqual(all.toSorted());
      }
    });

    test('thousands published by all at once arrive, those of one publisher in their order', async () => {
      const each = 2_000;
      for (let index = 0; index < each; index++) {
        for (const { name, publish } of under.participants) publish(eventOf(`many/${name}/${index}`));
      }
      await everyoneHears('many', each * under.participants.length);
      const expected = Array.from({ length: each }, (_, index) => index);
      for (const listener of under.participants) {
        for (const { name } of under.participants) {
          const order = heardFrom(listener, `many/${name}/`).map(({ message }) =>
            Number(message.content?.split('/')[2]),
          );
          expect(order).toEqual(expected);
        }
      }
    });
  });
}

export function eventOf(content: string, kind: ThreadEvent['kind'] = 'changed'): ThreadEvent {
  return { kind, message: { ...MESSAGE, content } };
}

const MESSAGE: Message = {
  id: 1,
  seq: 1,
  number: 1,
  thread: THREAD,
  class: 1,
  speaker: 1,
  speaker_name: 'Ming 小明',
  is_super: 0,
  type: 'text',
  content: '',
  date: 1,
  img_url: null,
  file_url: null,
  file_name: null,
  file_size: null,
  picture: null,
  emoji_1: 0,
  emoji_2: 0,
  emoji_3: 0,
  log: null,
  edited: null,
  pinned: null,
  reply: null,
  mentions: [],
  reactions: [],
  deleted: null,
  awaits_announce: false,
};
