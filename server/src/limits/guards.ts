import { Admission } from './admission.ts';
import type { Caps } from './caps.ts';
import { MemoryWatch } from './memory-watch.ts';
import { Pace } from './pace.ts';
import { Refusals } from './refusals.ts';
import { SignIns } from './sign-ins.ts';

/** All that keeps one client, or all of them, from being too much for this process. Several processes each count alone. */
export interface Guards {
  readonly caps: Caps;
  readonly refusals: Refusals;
  readonly memory: MemoryWatch;
  readonly admission: Admission;
  readonly pace: Pace;
  readonly signIns: SignIns;
}

export function createGuards(caps: Caps, onMemory: (isHigh: boolean, bytes: number) => void): Guards {
  const refusals = new Refusals();
  const memory = new MemoryWatch(caps.memoryBytes, onMemory);
  return {
    caps,
    refusals,
    memory,
    admission: new Admission(caps, memory, refusals),
    pace: new Pace(caps, refusals),
    signIns: new SignIns(caps, refusals),
  };
}
