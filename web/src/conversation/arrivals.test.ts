import { expect, test } from 'bun:test';
import { createArrivals } from './arrivals.ts';

const MING = 1;
const LI = 2;
const ids = (arrivals: ReturnType<typeof createArrivals>): number[] =>
  arrivals.list.value.map(({ id }) => id);

test('What Li posts arrives for Ming, once, whether it is loaded or not; what he posts himself does not', () => {
  const arrivals = createArrivals(MING);
  arrivals.know(10);
  arrivals.hear([{ id: 11, speaker: LI }]);
  arrivals.hear([{ id: 11, speaker: LI, content: 'edited' }]);
  arrivals.hear([
    { id: 12, speaker: MING },
    { id: 13, speaker: LI },
  ]);
  arrivals.hear([{ id: 9, speaker: LI, content: 'an old one, edited' }]);
  expect(ids(arrivals)).toEqual([11, 13]);
});

test('What is deleted again is no news', () => {
  const arrivals = createArrivals(MING);
  arrivals.hear([{ id: 1, speaker: LI }]);
  arrivals.hear([{ id: 1, speaker: LI, deleted: true }]);
  arrivals.hear([{ id: 2, speaker: LI, deleted: true }]);
  expect(ids(arrivals)).toEqual([]);
});

test('However much comes, no more than 999 are remembered, and none after they were seen', () => {
  const arrivals = createArrivals(MING);
  for (let id = 1; id <= 1_200; id++) arrivals.hear([{ id, speaker: LI }]);
  expect(ids(arrivals)).toHaveLength(999);
  expect(ids(arrivals).at(-1)).toBe(1_200);
  arrivals.see();
  expect(ids(arrivals)).toEqual([]);
});
