import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, type Rolldown } from 'vite';

/** What signing in and a usable conversation may load, in bytes as they go over the line: 60 KB of 1,000 bytes. */
const LIMIT_BYTES = 60_000;

/** Where the first load begins, and what it asks for later by itself; the texts besides, of one language. */
const BEGINS = /\/web\/(?:index\.html|src\/account\/SignInHelp\.vue)$/;
const LANGUAGES = { en: /\/i18n\/en\.ts$/, 'zh-CN': /\/i18n\/zh-CN\.ts$/ };
/** Files of `public` that a browser takes unasked. */
const PUBLIC = ['favicon.svg', 'manifest.webmanifest'];

const root = join(import.meta.dirname, '..');
const files = await bundle();
const bytesOf = new Map(files.map((file) => [file.fileName, weigh(contentOf(file))]));
const unasked = PUBLIC.map((name) => weigh(readFileSync(join(root, 'public', name)))).reduce(add, 0);

for (const [tag, texts] of Object.entries(LANGUAGES)) {
  const names = new Set<string>(files.filter(isInPage).map(({ fileName }) => fileName));
  for (const chunk of files.filter(isChunk)) {
    const module = chunk.facadeModuleId ?? '';
    if (BEGINS.test(module) || texts.test(module)) take(chunk, names);
  }
  const bytes = [...names].map((name) => bytesOf.get(name) ?? 0).reduce(add, unasked);
  console.log(
    `first load, ${tag.padEnd(6)} ${(bytes / 1000).toFixed(2)} kB br in ${names.size + PUBLIC.length} files`,
  );
  if (bytes > LIMIT_BYTES) {
    console.error(
      `The first load is ${bytes - LIMIT_BYTES} bytes over its limit: load something when it is first used.`,
    );
    process.exitCode = 1;
  }
}

/** The build as it would be served; nothing is written, so that it disturbs no server that serves `dist`. */
async function bundle(): Promise<Rolldown.RolldownOutput['output']> {
  const result = await build({ root, logLevel: 'error', build: { write: false } });
  if (Array.isArray(result) || !('output' in result)) throw new Error('the build gave no single output');
  return result.output;
}

/** A chunk, and all that is loaded before it runs. */
function take(chunk: Rolldown.OutputChunk, names: Set<string>): void {
  if (names.has(chunk.fileName)) return;
  names.add(chunk.fileName);
  for (const style of chunk.viteMetadata?.importedCss ?? []) names.add(style);
  for (const other of files) if (isChunk(other) && chunk.imports.includes(other.fileName)) take(other, names);
}

function isChunk(file: (typeof files)[number]): file is Rolldown.OutputChunk {
  return file.type === 'chunk';
}

/** The page itself, and the script that it begins with. */
function isInPage(file: (typeof files)[number]): boolean {
  return file.type === 'asset' && (file.fileName === 'index.html' || file.names.includes('early.js'));
}

function contentOf(file: (typeof files)[number]): Uint8Array {
  const content = file.type === 'chunk' ? file.code : file.source;
  return typeof content === 'string' ? Buffer.from(content) : content;
}

function weigh(content: Uint8Array): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  return Math.min(brotliCompressSync(content, { params }).length, content.length);
}

function add(sum: number, bytes: number): number {
  return sum + bytes;
}
