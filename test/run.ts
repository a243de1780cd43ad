/**
 * `npm test`: gets what the tests need from the system, runs every suite, and ends with one line that sums them up.
 * `npm test -- NAME …` runs the suites of these names only.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingNeeds, type Need } from './needs.ts';
import { SUITES, type Suite } from './suites.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RESULTS = join(ROOT, 'test', 'results');

/** Suites that run side by side. Most of the time of the long ones is waiting. */
const AT_ONCE = 2;

/** A suite that takes longer, in ms, hangs: it is ended and counts as failed. */
const PATIENCE_MS = 10 * 60_000;

/** How long the rest of its output is waited for after a suite has ended, in ms. */
const LEFT_BEHIND_MS = 5_000;

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Of the tests that failed, for the end of the run, where people look first. */
  readonly names: readonly string[];
}

const chosen = process.argv.slice(2);
const suites = SUITES.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
if (suites.length === 0) {
  console.error(`There is no such suite. There are: ${SUITES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
const missing = await missingNeeds(suites.flatMap(({ needs }) => needs ?? []));
const leftOut = suites.filter(({ needs }) => needs?.some((need) => missing.includes(need)));
const outcomes = await runAll(suites.filter((suite) => !leftOut.includes(suite)));

for (const { name, needs } of leftOut) {
  console.log(
    `left out  ${name}: needs ${needs
      ?.filter((need) => missing.includes(need))
      .map(sayNeed)
      .join(', ')}`,
  );
}
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed =
  outcomes.reduce((sum, outcome) => sum + outcome.failed, 0) +
  (process.env.CI === 'true' ? leftOut.length : 0);
for (const name of outcomes.flatMap(({ names }) => names)) console.log(`failed  ${name}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

async function runAll(suites: readonly Suite[]): Promise<Outcome[]> {
  const waiting = [...suites];
  const outcomes: Outcome[] = [];
  const lane = async (): Promise<void> => {
    for (let suite = waiting.shift(); suite; suite = waiting.shift()) outcomes.push(await runSuite(suite));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return outcomes;
}

async function runSuite({ name, paths, command }: Suite): Promise<Outcome> {
  const report = join(RESULTS, `${name}.xml`);
  const started = Date.now();
  const child = Bun.spawn(
    command?.slice() ?? [
      process.execPath,
      'test',
      '--timeout=60000',
      '--reporter=junit',
      `--reporter-outfile=${report}`,
      ...(paths ?? []),
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE_MS, killSignal: 'SIGKILL' },
  );
  const outputs = [gather(child.stdout), gather(child.stderr)];
  const code = await child.exited;
  // A program that a failed test has left behind may keep them open.
  await Promise.race([Promise.all(outputs.map(({ ended }) => ended)), Bun.sleep(LEFT_BEHIND_MS)]);
  const [stdout, stderr] = outputs.map(({ text }) => text());
  const { passed, failed } = command
    ? { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }
    : counted(report, code);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${failed ? 'FAILED ' : 'passed '} ${name}: ${passed} passed, ${failed} failed, ${seconds} s`);
  if (failed === 0) return { passed, failed, names: [] };
  const output = `${stdout}${stderr}`.trimEnd();
  console.log(output);
  const told = new Set(output.match(/(?<=^\(fail\) ).*/gm));
  return { passed, failed, names: [...told].map((test) => `${name}: ${test}`) };
}

/** What comes out of a stream, as far as it has come. */
function gather(stream: ReadableStream<Uint8Array>): { text: () => string; ended: Promise<void> } {
  const decoder = new TextDecoder();
  let text = '';
  const read = async (): Promise<void> => {
    for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
  };
  return { text: () => text, ended: read() };
}

/** What the runner's report says; a run that ended badly without a failed test counts as one failure. */
function counted(report: string, code: number): Omit<Outcome, 'names'> {
  let head = '';
  try {
    head = /<testsuites[^>]*>/.exec(readFileSync(report, 'utf8'))?.[0] ?? '';
  } catch {
    // No report: the runner itself failed.
  }
  const count = (attribute: string): number =>
    Number(new RegExp(`${attribute}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  const passed = count('tests') - failed - count('skipped');
  return { passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed };
}

function sayNeed(need: Need): string {
  return `${need.name} (${need.how})`;
}
