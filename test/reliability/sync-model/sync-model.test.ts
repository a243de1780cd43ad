import { expect, test } from 'bun:test';
import { Chance } from '../chance.ts';
import { modelRuns } from './model-runs.ts';

for (const [workers, runs] of [
  [1, 240],
  [2, 90],
] as const) {
  test(`${runs} interleavings of posts, changes, cuts, resumes and older pages end in the database’s view (${workers} worker(s))`, async () => {
    const report = await modelRuns(workers, runs, Chance.ofRun(`sync-model, ${workers} worker(s)`));
    expect(report.runs).toBe(runs);
  }, 120_000);
}
