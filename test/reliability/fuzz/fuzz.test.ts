import { expect, test } from 'bun:test';
import { Chance } from '../chance.ts';
import { fuzzRun } from './fuzz-run.ts';

test('30,000 frames and requests that nobody should send leave the server well, small and without a fault', async () => {
  const chance = Chance.ofRun('fuzz');
  const report = await fuzzRun({ v2: 13_000, classic: 13_000, http: 4_000, chance });
  console.log(JSON.stringify(report));
  // It was not all turned away at the door.
  for (const status of [200, 400, 401, 404]) expect(report.statuses[status]).toBeGreaterThan(10);
}, 120_000);
