import { expect, test } from 'bun:test';
import { Chance } from '../chance.ts';
import { badNetwork } from './bad-network.ts';

for (const workers of [1, 2]) {
  test(`cuts, delays, doubled and swapped commands lose, double and change nothing (${workers} worker(s))`, async () => {
    const chance = Chance.ofRun(`proxy, ${workers} worker(s)`);
    const report = await badNetwork({ seconds: 8, workers, chance });
    console.log(JSON.stringify(report));
    expect(report.posts).toBeGreaterThan(100);
    for (const count of Object.values(report.faults)) expect(count).toBeGreaterThan(10);
  }, 60_000);
}
