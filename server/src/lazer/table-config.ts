import { readFile, stat } from 'node:fs/promises';
import { coerce } from './columns.ts';
import { wrongFile } from './wrong-file.ts';

/** What NAME.config.json says of a table. */
export interface TableConfig {
  /** The highest id that was ever given; rows may have been deleted since. */
  readonly lastId: number;
  /** What the original declared of a column: "integer", "string", "boolean" or "double". */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Largest config, in bytes; real ones have some hundred. */
const CONFIG_BYTES_MAX = 1024 * 1024;

/** @throws StartError naming the file and the reason where it is no config. */
export async function readTableConfig(file: string): Promise<TableConfig> {
  const config = parse(file, await readText(file));
  const lastId = coerce('reference', config.last_id);
  if (typeof lastId !== 'number' || lastId < 0) {
    throw wrongFile({ file }, '"last_id" must be an integer from 0', 'copyAgain');
  }
  const schema = config.schema;
  return { lastId, schema: isObject(schema) ? schema : {} };
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > CONFIG_BYTES_MAX) throw new Error(`it has ${size} bytes, which is too many for a config`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    throw wrongFile({ file }, `it cannot be read (${reasonOf(cause)})`, 'copyAgain', cause);
  }
}

function parse(file: string, text: string): Record<string, unknown> {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (cause) {
    throw wrongFile({ file }, `it is not valid JSON (${reasonOf(cause)})`, 'copyAgain', cause);
  }
  if (!isObject(config)) throw wrongFile({ file }, 'it is not a JSON object', 'copyAgain');
  return config;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
