import { expect, test } from 'bun:test';
import { effectScope } from 'vue';
import { createLatest, type Latest } from './latest.ts';

interface Asked {
  readonly question: string;
  readonly signal: AbortSignal;
  readonly answer: (text: string) => void;
  readonly fail: (error: Error) => void;
}

/** Someone who asks, and a server that answers when it is told to. */
function open(): { asked: Asked[]; latest: Latest<string, string>; close: () => void } {
  const asked: Asked[] = [];
  const scope = effectScope();
  const latest = scope.run(() =>
    createLatest<string, string>(
      (question, signal) =>
        new Promise((answer, fail) => {
          asked.push({ question, signal, answer, fail });
        }),
    ),
  );
  if (!latest) throw new Error('the scope is closed');
  return { asked, latest, close: () => scope.stop() };
}

const turn = () => new Promise((done) => setTimeout(done, 5));

test('What is typed meanwhile gives up the question before, and a late answer changes nothing', async () => {
  const { asked, latest } = open();
  latest.ask('ho', 0);
  await turn();
  latest.ask('home', 0);
  await turn();
  expect(asked.map(({ question, signal }) => [question, signal.aborted])).toEqual([
    ['ho', true],
    ['home', false],
  ]);
  asked[1]?.answer('of home');
  await turn();
  asked[0]?.answer('of ho');
  await turn();
  expect([latest.answer.value, latest.busy.value]).toEqual(['of home', false]);
});

test('Letters in a row are one question', async () => {
  const { asked, latest } = open();
  for (const typed of ['h', 'ho', 'hom']) latest.ask(typed, 3);
  expect(latest.busy.value).toBe(true);
  await turn();
  await turn();
  expect(asked.map(({ question }) => question)).toEqual(['hom']);
});

test('A failure keeps the answer before, and can be tried again', async () => {
  const { asked, latest } = open();
  latest.ask('home', 0);
  await turn();
  asked[0]?.answer('of home');
  await turn();
  latest.ask('homework', 0);
  await turn();
  asked[1]?.fail(new Error('no line'));
  await turn();
  expect([latest.answer.value, latest.failure.value]).toEqual(['of home', new Error('no line')]);
  latest.again();
  await turn();
  expect(asked[2]?.question).toBe('homework');
  asked[2]?.answer('of homework');
  await turn();
  expect([latest.answer.value, latest.failure.value]).toEqual(['of homework', undefined]);
});

test('Whoever leaves gives up what is under way', async () => {
  const { asked, latest, close } = open();
  latest.ask('home', 0);
  await turn();
  close();
  expect(asked[0]?.signal.aborted).toBe(true);
  latest.ask('later', 60_000);
  latest.clear();
  expect(latest.busy.value).toBe(false);
});
