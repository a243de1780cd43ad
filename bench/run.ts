/** Pokers side by side with its peers: fresh processes in turn (ABCABC), medians. See README.md. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Children } from './children.ts';
import { shareCores } from './cores.ts';
import { goalsOf } from './goals.ts';
import { describeMachine } from './machine.ts';
import { measure, type Surroundings } from './measurement.ts';
import type { Sample } from './metrics.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { type Contender, findPeer } from './peers/all.ts';
import { peerResult, type Results } from './results.ts';
import { tableOf } from './table.ts';
import { warningsOf } from './warnings.ts';
import type { Workload } from './workloads.ts';

/** One peer under one workload, and what its runs came to so far. */
interface Trial {
  readonly workload: Workload;
  readonly contender: Contender;
  readonly samples: Sample[];
  readonly failures: string[];
}

const progress = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function bench(options: Options, children: Children, scratch: string): Promise<Results> {
  const machine = describeMachine();
  const cores = shareCores();
  const wanted = await Promise.all(options.peers.map(async (spec) => ({ spec, peer: await findPeer(spec) })));
  const absent = absentOf(wanted);
  for (const { name, why } of absent) progress(`without ${name}: ${why}`);
  const contenders = wanted.filter(({ peer }) => absent.every(({ name }) => name !== peer.name));
  const trials = options.workloads.flatMap((workload) =>
    contenders.map((contender): Trial => ({ workload, contender, samples: [], failures: [] })),
  );
  let done = 0;
  for (let run = 1; run <= options.runs; run++) {
    for (const trial of trials) {
      const said = await attempt(trial, { profile: options.profile, children, cores, scratch });
      const what = `run ${run}, ${trial.workload.name}, ${trial.contender.peer.name}`;
      progress(`${++done}/${options.runs * trials.length}: ${what}: ${said}`);
    }
  }
  return {
    machine,
    options,
    cores,
    peers: contenders.map(({ peer: { name, about } }) => ({ name, about })),
    absent,
    workloads: options.workloads.map((workload) => ({
      workload,
      peers: trials
        .filter((trial) => trial.workload === workload)
        .map(({ contender, samples, failures }) => peerResult(contender.peer.name, samples, failures)),
    })),
  };
}

/** Those that cannot run on this machine, and why. */
function absentOf(contenders: readonly Contender[]): Results['absent'] {
  return contenders.flatMap(({ peer }) => {
    const why = peer.missing?.();
    return why === undefined ? [] : [{ name: peer.name, why }];
  });
}

/** One more measurement. What fails is said, and does not cost the others. */
async function attempt(trial: Trial, surroundings: Surroundings): Promise<string> {
  const { contender, workload, samples, failures } = trial;
  try {
    const sample = await measure(contender, workload, surroundings);
    samples.push(sample);
    return summaryOf(sample);
  } catch (error) {
    surroundings.children.killAll();
    failures.push(messageOf(error));
    return `FAILED: ${messageOf(error)}`;
  }
}

function summaryOf(sample: Sample): string {
  const { cpuUs, rssPerConnectionKb = 0 } = sample;
  const figure =
    cpuUs === undefined
      ? `${rssPerConnectionKb.toFixed(1)} KB per connection`
      : `${cpuUs.toFixed(2)} µs per delivery`;
  return [figure, ...warningsOf(sample)].join('; ');
}

async function main(): Promise<number> {
  let options: Options | 'help';
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`bench: ${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const children = new Children();
  const scratch = mkdtempSync(join(tmpdir(), 'pokers-bench-'));
  process.on('exit', () => {
    children.killAll();
    rmSync(scratch, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
  try {
    const results = await bench(options, children, scratch);
    process.stdout.write(options.json ? jsonOf(results) : tableOf(results));
    return results.workloads.some(({ peers }) => peers.some(({ failures }) => failures.length > 0)) ? 1 : 0;
  } catch (error) {
    process.stderr.write(`bench: ${messageOf(error)}\n`);
    return 1;
  }
}

function jsonOf(results: Results): string {
  return `${JSON.stringify({ ...results, goals: goalsOf(results) }, null, 2)}\n`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.exit(await main());
