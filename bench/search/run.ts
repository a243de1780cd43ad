/** Search: times, recall, size, speed of indexing, and what it costs those who post. See README.md. */
import { statSync } from 'node:fs';
import { searchFile } from '@pokers/server/search/sqlite/search-file';
import { SqliteSearchIndex } from '@pokers/server/search/sqlite/sqlite-search-index';
import { databaseFile, openForReading } from '@pokers/server/store/sqlite/database';
import { Chance } from '../../test/reliability/chance.ts';
import { describeMachine, type Machine } from '../machine.ts';
import { makeScratch, type Scratch } from '../store/scratch.ts';
import { type Options, type Part, readOptions, USAGE } from './options.ts';
import { measureOthers, type OthersResult } from './others.ts';
import { measurePosts, type PostsResult } from './posts.ts';
import { measureRecall, type RecallResult } from './recall.ts';
import { makeSchool } from './school.ts';
import { tableOf } from './table.ts';
import { measureTimes, type TimesResult } from './times.ts';

/** What the index takes. */
export interface BuildResult {
  readonly perSecond: number;
  readonly indexBytes: number;
  readonly storeBytes: number;
}

export interface Results {
  readonly machine: Machine;
  readonly options: Options;
  readonly scratch: Scratch;
  readonly build: BuildResult;
  readonly times: readonly TimesResult[];
  readonly recall: readonly RecallResult[];
  readonly others: readonly OthersResult[];
  readonly posts: readonly PostsResult[];
}

const SEED = 4;

const progress = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function bench(options: Options): Promise<Results> {
  const machine = describeMachine();
  const scratch = makeScratch();
  const { folder } = scratch;
  const chance = new Chance(SEED);
  progress(`writing ${options.messages.toLocaleString('en')} messages`);
  await makeSchool(folder, options);
  const reader = openForReading(folder);
  const index = new SqliteSearchIndex(folder, reader);
  progress('indexing them');
  const build = await measureBuild(index, folder, options);
  const part = async <T>(name: Part, measure: () => T[] | Promise<T[]>): Promise<T[]> => {
    if (!options.parts.includes(name)) return [];
    progress(name);
    return measure();
  };
  const times = await part('times', () => measureTimes(index, chance.fork('times'), options));
  const recall = await part('recall', () => measureRecall(index, reader, chance.fork('recall'), options));
  await index.close();
  const others = await part('others', () => measureOthers(reader, chance.fork('recall'), options));
  reader.close();
  const posts = await part('posts', () => measurePosts(folder, options));
  return { machine, options, scratch, build, times, recall, others, posts };
}

async function measureBuild(
  index: SqliteSearchIndex,
  folder: string,
  { messages }: Options,
): Promise<BuildResult> {
  const from = performance.now();
  while ((await index.catchUp()).more);
  const perSecond = (messages / (performance.now() - from)) * 1000;
  await index.settle();
  return {
    perSecond,
    indexBytes: statSync(searchFile(folder)).size,
    storeBytes: statSync(databaseFile(folder)).size,
  };
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
