import { expect, test } from 'bun:test';
import { Chance } from '../reliability/chance.ts';
import { FAULTS } from '../reliability/nodes/faults.ts';
import { nodeRounds } from '../reliability/nodes/node-rounds.ts';

test('over three nodes nothing is lost, doubled or out of order, whichever of nodes, Redis and PostgreSQL fails', async () => {
  const report = await nodeRounds({
    nodes: 3,
    faults: Object.values(FAULTS),
    speakers: 20,
    observers: 160,
    chance: Chance.ofRun('three nodes'),
  });
  console.log(JSON.stringify(report));
  expect(report.posts).toBeGreaterThan(200); // they were talking
  expect(report.changes).toBeGreaterThan(100);
  expect(report.sentAgain).toBeGreaterThan(0); // and were cut off
}, 180_000);
