import { expect, test } from 'bun:test';
import { check } from './check.ts';
import type { Costs } from './costs.ts';
import type { Measured } from './figures.ts';
import { demandOf, fullest, nodesFor } from './node.ts';
import { postsPerFrame, trafficOf } from './traffic.ts';
import { draw, type World } from './world.ts';

const COSTS: Costs = {
  machine: 'a test',
  post: { aloneUs: 400, togetherMs: 0 },
  writeUs: 6,
  heard: { processes: { aloneUs: 100, togetherMs: 1 }, redis: { aloneUs: 150, togetherMs: 1 } },
  bytesPerDelivery: 60,
  bytesPerWrite: 20,
  emptyMb: 90,
  connectionKb: 2.5,
};
const SCHOOL: World = {
  connected: 30_000,
  classSize: 30,
  classSizeMax: 500,
  threads: 3,
  postsPerMinute: 0.5,
  together: 0,
  nodes: 4,
};

test('A quiet thread writes a frame for each delivery, a busy one shares them', () => {
  expect(postsPerFrame(1, 30)).toBe(1);
  expect(postsPerFrame(100, 1_000)).toBeGreaterThan(4);
});

test('Every node with a listener hears a post once', () => {
  const traffic = trafficOf([{ postsPerSecond: 2, audiences: [10, 5, 1] }]);
  expect(traffic).toEqual({ posts: 2, heard: 6, deliveries: 32, writes: 32 });
});

test('Where a class is on one node, each post is heard once for each of its threads', () => {
  const { traffic, nodesPerPost } = demandOf({ ...SCHOOL, together: 1 }, COSTS);
  expect(nodesPerPost).toBe(1);
  expect(demandOf(SCHOOL, COSTS).traffic.heard).toBeGreaterThan(2 * traffic.heard);
});

test('The same seed draws the same world, of as many people and posts as were asked for', () => {
  const { threads, times } = draw(SCHOOL, 7);
  expect(draw(SCHOOL, 7).threads).toEqual(threads);
  const people = threads.flatMap(({ audiences }) => audiences).reduce((sum, audience) => sum + audience, 0);
  expect(people * times).toBeCloseTo(SCHOOL.connected);
  expect(trafficOf(threads).posts * times).toBeCloseTo((SCHOOL.connected * SCHOOL.postsPerMinute) / 60);
});

test('A world of ten times the people is ten times the work, though fewer are drawn', () => {
  const large = demandOf({ ...SCHOOL, connected: 300_000 }, COSTS);
  const larger = demandOf({ ...SCHOOL, connected: 3_000_000 }, COSTS);
  expect(larger.traffic.deliveries / large.traffic.deliveries).toBeCloseTo(10, 0);
});

test('The fewest nodes that have room have it, and one fewer has not', () => {
  const room = { cpu: 0.6, memoryMb: 1_000, linkMbit: 100 };
  const enough = nodesFor({ ...SCHOOL, connected: 500_000 }, COSTS, room);
  expect(fullest(enough, room).share).toBeLessThanOrEqual(1);
  const { nodes } = enough.world;
  expect(nodes).toBeGreaterThan(1);
  expect(fullest(demandOf({ ...enough.world, nodes: nodes - 1 }, COSTS), room).share).toBeGreaterThan(1);
});

test('A load that was measured is simulated with as many processes', () => {
  const measured: Measured = {
    workload: 'threads',
    peer: 'pokers-workers-2',
    members: 990,
    threads: 33,
    postsPerSecond: 200,
    processes: 2,
    bus: 'processes',
    cpuUs: 30,
    perFrame: 1,
    bytes: 90,
  };
  const { cpuUs, perFrame } = check(measured, COSTS);
  expect(perFrame).toBe(1);
  const heard = 100 / 1.2; // 200 a second hear in each process, 1 ms of which share
  expect(cpuUs).toBeCloseTo((400 + 30 * COSTS.writeUs + 2 * heard) / 30, 1);
});
