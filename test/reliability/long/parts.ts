import { Chance } from '../chance.ts';
import { churn } from '../crowd/churn.ts';
import { muteReader } from '../crowd/mute-reader.ts';
import { reconnectAll } from '../crowd/reconnect.ts';
import { fuzzRun } from '../fuzz/fuzz-run.ts';
import { killRounds } from '../kill/kill-rounds.ts';
import { FAULTS } from '../nodes/faults.ts';
import { nodeRounds } from '../nodes/node-rounds.ts';
import { badNetwork } from '../proxy/bad-network.ts';
import { modelRuns } from '../sync-model/model-runs.ts';
import type { Options } from './options.ts';

/** Rounds of killing between two words about them. */
const SAY_EVERY = 50;

/** The parts of the long form; each answers what it did, or throws what it found. */
export const PARTS = {
  async kill({ rounds }: Options) {
    return perWorkers([rounds / 2, rounds / 2], (workers, share) =>
      killRounds({
        rounds: Math.ceil(share),
        workers,
        chance: Chance.ofRun(`kill, ${workers} worker(s)`),
        onRound: (round, sent) => {
          if (round % SAY_EVERY === 0)
            console.log(`${workers} worker(s): ${round} rounds, ${sent} commands sent`);
        },
      }),
    );
  },

  async proxy({ seconds }: Options) {
    return perWorkers([seconds, seconds], (workers, share) =>
      badNetwork({ seconds: share, workers, chance: Chance.ofRun(`proxy, ${workers} worker(s)`) }),
    );
  },

  async 'sync-model'({ runs }: Options) {
    return perWorkers([(runs * 2) / 3, runs / 3], (workers, share) =>
      modelRuns(workers, Math.ceil(share), Chance.ofRun(`sync-model, ${workers} worker(s)`)),
    );
  },

  async fuzz({ frames }: Options) {
    const share = Math.ceil(frames / 20);
    return fuzzRun({ v2: share * 9, classic: share * 9, http: share * 2, chance: Chance.ofRun('fuzz') });
  },

  async reader({ readerSeconds }: Options) {
    return muteReader(readerSeconds);
  },

  async reconnect({ clients }: Options) {
    return reconnectAll(clients);
  },

  async churn({ connects }: Options) {
    return churn(connects);
  },

  async nodes({ nodeFaults }: Options) {
    const chance = Chance.ofRun('nodes');
    const faults = Array.from({ length: nodeFaults }, () => chance.pick(Object.values(FAULTS)));
    return nodeRounds({ nodes: 3, faults, speakers: 100, observers: 100, chance });
  },
};

async function perWorkers<Report>(
  shares: readonly number[],
  run: (workers: number, share: number) => Promise<Report>,
): Promise<Record<string, Report>> {
  const reports: Record<string, Report> = {};
  for (const [index, share] of shares.entries())
    reports[`workers ${index + 1}`] = await run(index + 1, share);
  return reports;
}
