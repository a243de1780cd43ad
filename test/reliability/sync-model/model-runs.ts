import fc from 'fast-check';
import type { Chance } from '../chance.ts';
import { Violation } from '../checker/violation.ts';
import { perform } from './perform.ts';
import { type Play, plays } from './steps.ts';
import { Theatre } from './theatre.ts';

/** Plays at the same time, each in a thread of its own: most of the time of one is waiting for the disk. */
const AT_ONCE = 3;

export interface ModelReport {
  readonly runs: number;
  readonly steps: number;
}

/** Performs generated plays, and shrinks one that fails. @throws Error with the play and how to have it again */
export async function modelRuns(workers: number, runs: number, chance: Chance): Promise<ModelReport> {
  const theatre = await Theatre.open(workers);
  const done = { runs: 0, steps: 0 };
  const run = async (play: Play): Promise<void> => {
    await perform(theatre, play);
    done.runs++;
    done.steps += play.steps.length;
  };
  try {
    const lanes = Array.from({ length: AT_ONCE }, (_, lane) =>
      fc.assert(fc.asyncProperty(plays, run), {
        seed: chance.fork(`lane ${lane}`).seed,
        numRuns: Math.ceil(runs / AT_ONCE),
      }),
    );
    await Promise.all(lanes);
    const complaints = theatre.server.complaints();
    if (complaints !== '') throw new Violation(`the server complained: ${complaints}`);
    return done;
  } finally {
    await theatre.close();
  }
}
