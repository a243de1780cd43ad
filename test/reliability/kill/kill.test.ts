import { expect, test } from 'bun:test';
import { Chance } from '../chance.ts';
import { killRounds } from './kill-rounds.ts';

for (const [workers, rounds] of [
  [1, 15],
  [2, 10],
] as const) {
  test(`after ${rounds} times kill -9 under load nothing answered is lost, doubled or out of order (${workers} worker(s))`, async () => {
    const chance = Chance.ofRun(`kill, ${workers} worker(s)`);
    const report = await killRounds({ rounds, workers, chance });
    console.log(JSON.stringify(report));
    expect(report.posts).toBeGreaterThan(rounds * 20); // they were posting when it came
    expect(report.changes).toBeGreaterThan(rounds * 10);
    expect(report.sentAgain).toBeGreaterThan(rounds);
  }, 120_000);
}
