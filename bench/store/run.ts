/** The store alone: durable posts beside raw SQLite, and what things cost as the history grows. See README.md. */
import { describeMachine } from '../machine.ts';
import { DURABLE_CASES, type DurableSample, measureDurable } from './durable.ts';
import { ENGINE_POSTERS, type EnginesSample, measureEngines } from './engines.ts';
import { type Costs, growthCases, measureGrowth, openSubject, type Subject } from './growth.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { openPostgresTown } from './postgres-town.ts';
import {
  type DurableResult,
  durableResult,
  type EnginesResult,
  enginesResult,
  type GrowthResult,
  growthResult,
  type Results,
} from './results.ts';
import { makeScratch } from './scratch.ts';
import { tableOf } from './table.ts';

const progress = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function bench(options: Options): Promise<Results> {
  const machine = describeMachine();
  const scratch = makeScratch();
  const { parts } = options;
  return {
    machine,
    options,
    scratch,
    durable: parts.includes('durable') ? await benchDurable(options, scratch.folder) : [],
    growth: parts.includes('growth') ? await benchGrowth(options, scratch.folder) : [],
    ...(parts.includes('engines') ? await benchEngines(options, scratch.folder) : { engines: [] }),
  };
}

async function benchDurable({ runs, durableMs }: Options, scratch: string): Promise<DurableResult[]> {
  const samples = DURABLE_CASES.map((): DurableSample[] => []);
  for (let run = 1; run <= runs; run++) {
    for (const [index, about] of DURABLE_CASES.entries()) {
      samples[index]?.push(await measureDurable(about, durableMs, scratch));
    }
    progress(`durable posts: run ${run} of ${runs}`);
  }
  return DURABLE_CASES.map((about, index) => durableResult(about, samples[index] ?? []));
}

async function benchEngines(
  { runs, durableMs, database }: Options,
  scratch: string,
): Promise<{ engines: EnginesResult[]; postgres: string }> {
  const postgres = await openPostgresTown(database);
  try {
    const samples = ENGINE_POSTERS.map((): EnginesSample[] => []);
    for (let run = 1; run <= runs; run++) {
      for (const [index, posters] of ENGINE_POSTERS.entries())
        samples[index]?.push(await measureEngines(posters, durableMs, scratch, postgres.store));
      progress(`engines: run ${run} of ${runs}`);
    }
    const engines = ENGINE_POSTERS.map((posters, index) => enginesResult(posters, samples[index] ?? []));
    return { engines, postgres: postgres.version };
  } finally {
    await postgres.close();
  }
}

/** The first run warms up, unmeasured. */
async function benchGrowth(options: Options, scratch: string): Promise<GrowthResult[]> {
  const subjects: Subject[] = [];
  for (const about of growthCases(options)) {
    progress(`filling: ${about.title}`);
    subjects.push(await openSubject(about, scratch));
  }
  await measureGrowth(subjects, options);
  const runs: Costs[][] = [];
  for (let run = 1; run <= options.runs; run++) {
    runs.push(await measureGrowth(subjects, options));
    progress(`growth: run ${run} of ${options.runs}`);
  }
  for (const subject of subjects) await subject.close();
  const of = (index: number): Costs[] => runs.flatMap((costs) => costs[index] ?? []);
  return subjects.map(({ about }, index) => growthResult(about, of(index), of(0)));
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
  try {
    const results = await bench(options);
    process.stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : tableOf(results));
    return 0;
  } catch (error) {
    process.stderr.write(`bench: ${messageOf(error)}\n`);
    return 1;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.exit(await main());
