import { expect, test } from 'bun:test';
import { createPaged, readPages } from './paged.ts';

const people = [1, 2, 3, 4, 5].map((id) => ({ id }));
const read = async (last = 0) => {
  const rest = people.filter(({ id }) => id > last);
  return { items: rest.slice(0, 2), more: rest.length > 2 };
};
const ids = (list: readonly { id: number }[] | undefined): number[] => (list ?? []).map(({ id }) => id);

test('What was shown with “More” is still there when the list is loaded again', async () => {
  const list = createPaged(read);
  await list.load();
  expect(ids(list.items.value)).toEqual([1, 2]);
  await list.next();
  expect([ids(list.items.value), list.more.value]).toEqual([[1, 2, 3, 4], true]);
  await list.load();
  expect(ids(list.items.value)).toEqual([1, 2, 3, 4]);
  await list.next();
  expect([ids(list.items.value), list.more.value]).toEqual([[1, 2, 3, 4, 5], false]);
});

test('All of a list is read, however many pages it has', async () => {
  expect(ids((await readPages(read)).items)).toEqual([1, 2, 3, 4, 5]);
});
