import { type Stats, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError, UsageError } from '../errors.ts';
import { LazerTable } from './lazer-table.ts';
import { readTableConfig } from './table-config.ts';
import { OPTIONAL, TABLE_NAMES, type TableName } from './tables.ts';
import { wrongFile } from './wrong-file.ts';

/** A folder of the JSON database: for each table NAME.config.json and NAME.data.json. */
export class LazerFolder {
  readonly path: string;
  /** Tables that are not there and need not be. */
  readonly missing: readonly TableName[];
  /** Tables that are there and are not imported. */
  readonly others: readonly string[];
  readonly #tables: ReadonlyMap<TableName, LazerTable<TableName>>;
  readonly #state: ReadonlyMap<string, string>;

  private constructor(path: string, tables: readonly LazerTable<TableName>[], others: readonly string[]) {
    this.path = path;
    this.others = others;
    this.#tables = new Map(tables.map((table) => [table.name, table]));
    this.missing = TABLE_NAMES.filter((name) => !this.#tables.has(name));
    this.#state = new Map(tables.map(({ file }) => [file, stateOf(file)]));
  }

  /**
   * Reads the configs, not yet the data.
   * @throws UsageError where this is no Lazer folder; StartError where a needed file is missing or a config is wrong.
   */
  static async open(path: string): Promise<LazerFolder> {
    const names = await tablesIn(path);
    if (!TABLE_NAMES.some((name) => names.has(name))) {
      const expected = 'messages.config.json, messages.data.json and so on';
      throw new UsageError(
        `${path} holds no JSON database of the original: it should have ${expected}. Give the right folder.`,
      );
    }
    const tables: LazerTable<TableName>[] = [];
    for (const name of TABLE_NAMES) {
      const files = names.get(name);
      if (!files && OPTIONAL.includes(name)) continue;
      const [config, data] = [join(path, `${name}.config.json`), join(path, `${name}.data.json`)];
      if (!files?.has('config')) throw wrongFile({ file: config }, 'it is missing', 'copyAgain');
      if (!files.has('data')) throw wrongFile({ file: data }, 'it is missing', 'copyAgain');
      tables.push(new LazerTable(name, data, await readTableConfig(config)));
    }
    const others = [...names.keys()].filter((name) => !TABLE_NAMES.some((known) => known === name)).sort();
    return new LazerFolder(path, tables, others);
  }

  table<N extends TableName>(name: N): LazerTable<N> | undefined {
    // A table stands under its own name, so its rows are those of that name.
    return this.#tables.get(name) as LazerTable<N> | undefined;
  }

  /** @throws StartError where a file was written since the folder was opened: its tables may not fit together then. */
  assertUnchanged(): void {
    for (const [file, state] of this.#state) {
      if (stateOf(file) !== state)
        throw wrongFile({ file }, 'it was written to during the import', 'copyAgain');
    }
  }
}

/** The tables of a folder by name, each with the kinds of file that are there. */
async function tablesIn(path: string): Promise<Map<string, Set<string>>> {
  const entries = await readdir(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new UsageError(`There is no folder ${path}.`);
    if (cause.code === 'ENOTDIR')
      throw new UsageError(`${path} is not a folder. Give the one with the *.data.json files.`);
    throw new StartError(`${path} cannot be read: ${cause.message}.`, { cause });
  });
  const tables = new Map<string, Set<string>>();
  for (const entry of entries) {
    const [, name, kind] = /^(.+)\.(config|data)\.json$/.exec(entry) ?? [];
    if (name === undefined || kind === undefined) continue;
    tables.set(name, (tables.get(name) ?? new Set()).add(kind));
  }
  return tables;
}

function stateOf(file: string): string {
  const stats: Stats | undefined = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.size} ${stats.mtimeMs}` : 'gone';
}
