import { expect, test } from 'bun:test';
import { type Options, readOptions } from './options.ts';

function read(line: string): Options {
  const options = readOptions(line.split(' ').filter(Boolean));
  if (options === 'help') throw new Error('help was not asked for');
  return options;
}

test('All workloads and the peers that need nothing more, by default', () => {
  const { workloads, peers } = read('');
  expect(workloads.map(({ name }) => name)).toEqual(['20', '100', '1000', 'threads', 'saturated', 'idle']);
  expect(peers).toEqual(['pokers-v2', 'pokers-classic', 'ws', 'socket.io', 'bare-bun']);
});

test('Members and a rate make a workload of their own', () => {
  expect(read('--members 50 --rate 7 --seconds 9').workloads).toEqual([
    {
      name: 'custom',
      members: 50,
      threads: 1,
      load: { kind: 'paced', rate: 7, seconds: 9, warmUpSeconds: 3 },
    },
  ]);
});

test('Chosen workloads take the numbers that they have', () => {
  const [hundred, idle] = read('--work 100,idle --members 90 --rate 5').workloads;
  expect(hundred).toMatchObject({ name: '100', members: 90, load: { rate: 5, seconds: 5 } });
  expect(idle).toEqual({ name: 'idle', members: 90, threads: 1, load: { kind: 'idle', seconds: 15 } });
});

test('More peers come before the yardstick', () => {
  expect(read('--peers pokers-v2,bare-bun --with nchan,./mine.ts').peers).toEqual([
    'pokers-v2',
    'nchan',
    './mine.ts',
    'bare-bun',
  ]);
});

test('What makes no sense is refused', () => {
  expect(() => read('--runs 0')).toThrow('--runs must be a whole number above 0');
  expect(() => read('--work 7')).toThrow('there is no workload 7');
  expect(() => read('--rate 100000 --seconds 60')).toThrow('more than 1000000 posts');
});
