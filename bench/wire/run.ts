/** What an event takes in each way to write it: bytes, CPU, and code that a browser has to load. See README.md. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import type { Change } from '@pokers/protocol/message';
import { describeMachine } from '../machine.ts';
import { spreadOf } from '../statistics.ts';
import { FORMS, type Form } from './forms.ts';
import { type Language, TALK } from './talk.ts';

/** Changes in a frame: what is quiet, what is busy, and what a thin link gathers. */
const SIZES = [1, 3, 5, 10, 20, 40];

/** Frames that are measured of each size. */
const FRAMES = 200;

/** Of how many rounds the median is taken, and how many times a round does all frames. */
const ROUNDS = 7;
const REPEATS = 5;

interface Row {
  readonly form: string;
  readonly language: Language;
  readonly changes: number;
  /** Bytes of a frame's payload for each change in it. */
  readonly bytesPerChange: number;
  readonly encodeUsPerFrame: number;
  readonly decodeUsPerFrame: number;
}

interface Results {
  readonly machine: ReturnType<typeof describeMachine>;
  readonly textBytes: Readonly<Record<Language, number>>;
  readonly rows: readonly Row[];
  /** Bytes of code, minified and compressed with brotli. */
  readonly readers: Readonly<Record<string, number>>;
}

/** What a class says in a while: no text twice in a frame, ids shared with other threads, a new second now and then. */
function conversation(language: Language, count: number): Change[] {
  const texts = [...TALK[language]].sort(() => Math.random() - 0.5);
  let id = 88_120;
  let date = 1_780_000_000;
  return Array.from({ length: count }, (_, index): Change => {
    id += 1 + (Math.random() < 0.3 ? Math.floor(Math.random() * 4) : 0);
    date += Math.random() < 0.2 ? 1 : 0;
    return [1_041 + index, id, 1 + Math.floor(Math.random() * 30), date, texts[index] ?? ''];
  });
}

function measure(form: Form, language: Language, frames: readonly (readonly Change[])[]): Row {
  const encoded = frames.map((changes) => form.encode(changes));
  encoded.forEach((frame, index) => {
    if (!Bun.deepEquals(form.decode(frame), frames[index]))
      throw new Error(`${form.name} does not read what it wrote`);
  });
  const count = frames[0]?.length ?? 1;
  const bytes = encoded.reduce((sum, frame) => sum + Buffer.byteLength(frame), 0);
  return {
    form: form.name,
    language,
    changes: count,
    bytesPerChange: bytes / frames.length / count,
    encodeUsPerFrame: timed(frames, form.encode),
    decodeUsPerFrame: timed(encoded, form.decode),
  };
}

/** The median µs that one call takes. */
function timed<T>(inputs: readonly T[], work: (input: T) => unknown): number {
  const rounds = Array.from({ length: ROUNDS + 1 }, () => {
    const start = Bun.nanoseconds();
    for (let repeat = 0; repeat < REPEATS; repeat++) for (const input of inputs) work(input);
    return (Bun.nanoseconds() - start) / 1_000 / REPEATS / inputs.length;
  });
  return spreadOf(rounds.slice(1)).median;
}

/** What a reader adds to a page. */
async function sizeOf(reader: string): Promise<number> {
  if (reader === '') return 0;
  const folder = mkdtempSync(fileURLToPath(new URL('./.reader-', import.meta.url)));
  try {
    const entry = `${folder}/reader.ts`;
    writeFileSync(entry, reader.replaceAll('../../', '../../../'));
    const built = await Bun.build({ entrypoints: [entry], minify: true, target: 'browser' });
    const code = await built.outputs[0]?.text();
    return code === undefined ? 0 : brotliCompressSync(code).length;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(): Promise<Results> {
  const rows: Row[] = [];
  for (const language of Object.keys(TALK) as Language[]) {
    for (const size of SIZES) {
      const frames = Array.from({ length: FRAMES }, () => conversation(language, size));
      for (const form of FORMS) rows.push(measure(form, language, frames));
      process.stderr.write(`${language}, ${size} in a frame: done\n`);
    }
  }
  const readers: Record<string, number> = {};
  for (const { name, reader } of FORMS) readers[name] = await sizeOf(reader);
  const mean = (language: Language) =>
    TALK[language].reduce((sum, text) => sum + Buffer.byteLength(text), 0) / TALK[language].length;
  return { machine: describeMachine(), textBytes: { en: mean('en'), zh: mean('zh') }, rows, readers };
}

function tableOf({ machine, textBytes, rows, readers }: Results): string {
  const find = (form: string, language: Language, changes: number): Row | undefined =>
    rows.find((row) => row.form === form && row.language === language && row.changes === changes);
  const width = Math.max(...FORMS.map(({ name }) => name.length));
  const line = (name: string, cells: readonly string[]) =>
    `${name.padEnd(width)}  ${cells.map((cell) => cell.padStart(7)).join('')}`;
  const sizes = (language: Language) => [
    `${language}: bytes of payload for each change, texts of ${textBytes[language].toFixed(1)} bytes on average`,
    line('changes in a frame', SIZES.map(String)),
    ...FORMS.map(({ name }) =>
      line(
        name,
        SIZES.map((size) => find(name, language, size)?.bytesPerChange.toFixed(1) ?? ''),
      ),
    ),
    '',
  ];
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.kernel}, Bun ${machine.bun}`,
    '',
    ...sizes('en'),
    ...sizes('zh'),
    'µs for a frame of 20 changes (zh), and bytes of code to read it in a browser (minified, brotli)',
    line('', ['write', 'read', 'code']),
    ...FORMS.map(({ name }) => {
      const row = find(name, 'zh', 20);
      return line(name, [
        row?.encodeUsPerFrame.toFixed(1) ?? '',
        row?.decodeUsPerFrame.toFixed(1) ?? '',
        String(readers[name]),
      ]);
    }),
    '',
  ].join('\n');
}

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const results = await compare();
process.stdout.write(values.json ? `${JSON.stringify(results, null, 2)}\n` : tableOf(results));
