import { afterAll, expect, test } from 'bun:test';
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Config, DEFAULTS } from '@pokers/server/config';
import { StartError } from '@pokers/server/errors';
import { capsFrom } from '@pokers/server/limits/caps';
import { Supervisor } from '@pokers/server/supervisor';
import { pino } from 'pino';
import { failureOf } from '../actors/failure.ts';
import { startServerProcess, temporaryFolder } from '../actors/server-process.ts';

const folder = temporaryFolder('supervisor');
afterAll(() => folder.remove());

const config: Config = {
  ...DEFAULTS,
  port: 0,
  data: folder.path,
  workers: 2,
  caps: capsFrom(undefined, { memoryBytes: 2 ** 30, openFiles: 1_000 }, 2),
};

/** A worker that serves nobody: what it does when it starts, and then it stays. */
function program(name: string, does: string): string {
  const path = join(folder.path, `${name}.ts`);
  writeFileSync(
    path,
    `import { existsSync, appendFileSync } from 'node:fs';
     process.on('message', (message: { kind?: string }) => { if (message.kind === 'stop') process.exit(0); });
     ${does}`,
  );
  return path;
}

/** A supervisor's log: what it said. */
function listen() {
  const said: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void said.push(line) });
  return { said, log };
}

test('a worker that ends as soon as it starts is given up with a clear word, after ever longer waits', async () => {
  const starts = join(folder.path, 'starts');
  const dying = program('dying', `appendFileSync(${JSON.stringify(starts)}, 'x'); process.exit(3);`);
  const { said, log } = listen();
  const failure = await failureOf(Supervisor.start(config, log, dying));
  expect(failure).toBeInstanceOf(StartError);
  expect(String(failure)).toContain('end as soon as they start');
  expect(said.length).toBeGreaterThanOrEqual(4);
  // Five for one of the two; the other may have been on its way to its fifth.
  expect((await Bun.file(starts).text()).length).toBeWithin(9, 11);
}, 20_000);

test('one that can start no more is given up with a clear word, and who is served by the others stays', async () => {
  const [pids, mark] = [join(folder.path, 'pids'), join(folder.path, 'none-starts')];
  const { said, log } = listen();
  const supervisor = await Supervisor.start(
    config,
    log,
    program(
      'healthy-once',
      `if (existsSync(${JSON.stringify(mark)})) process.exit(3);
       appendFileSync(${JSON.stringify(pids)}, process.pid + '\\n');
       process.send?.({ kind: 'ready' });`,
    ),
  );
  let isOver = false;
  supervisor.failed.catch(() => {
    isOver = true;
  });
  const [first, second] = (await Bun.file(pids).text()).trim().split('\n').map(Number);
  writeFileSync(mark, '');
  process.kill(first ?? 0, 'SIGKILL');
  while (!said.some((line) => line.includes('"serving":1') && line.includes('given up'))) await Bun.sleep(20);
  expect(isOver).toBe(false);
  expect(process.kill(second ?? 0, 0)).toBe(true); // it lives

  process.kill(second ?? 0, 'SIGKILL');
  expect(String(await failureOf(supervisor.failed))).toContain('end as soon as they start');
  await supervisor.stop();
}, 30_000);

test('one that fails at its first start only is replaced, and then all serve', async () => {
  const mark = join(folder.path, 'failed-once');
  const { said, log } = listen();
  const supervisor = await Supervisor.start(
    config,
    log,
    program(
      'late',
      `if (!existsSync(${JSON.stringify(mark)})) { appendFileSync(${JSON.stringify(mark)}, ''); process.exit(1); }
       process.send?.({ kind: 'ready' });`,
    ),
  );
  expect(existsSync(mark)).toBe(true);
  expect(said.filter((line) => line.includes('replaced')).length).toBeGreaterThan(0);
  await supervisor.stop();
}, 20_000);

test('what no worker says is ignored: the others go on', async () => {
  const nonsense = [
    'text',
    7,
    null,
    [],
    {},
    { bus: 'events' },
    { bus: 'events', events: 'all' },
    { bus: 'events', events: [null] },
    { bus: 'taken', count: 'x' },
    { bus: 'other' },
    { kind: 'gather' },
    { kind: 'samples', ask: 1, samples: {} },
    { kind: 'shutdown' },
  ];
  const { said, log } = listen();
  const supervisor = await Supervisor.start(
    config,
    log,
    program(
      'babbling',
      `for (const word of ${JSON.stringify(nonsense)}) process.send?.(word);
       process.send?.({ kind: 'ready' });`,
    ),
  );
  const ignored = said.filter((line) => line.includes('it is ignored')).length;
  expect(ignored).toBeGreaterThanOrEqual(2 * (nonsense.length - 1)); // null does not travel everywhere
  await supervisor.stop();
}, 20_000);

test('one that says garbage, or dies in the middle of a word, is replaced: the others go on', async () => {
  const garbage = 'console.log("no JSON")\n{"kind":\n\u0000\n';
  const half = '{"kind":"re';
  for (const [name, words, then] of [
    ['garbage', garbage, ''],
    ['half', half, 'process.exit(1);'],
  ] as const) {
    const mark = JSON.stringify(join(folder.path, `${name}-was-said`));
    const { said, log } = listen();
    const supervisor = await Supervisor.start(
      config,
      log,
      program(
        name,
        `import { writeFileSync, writeSync } from 'node:fs';
         process.on('disconnect', () => process.exit(1)); // as every worker does
         process.send?.({ kind: 'ready' });
         const say = () => {
           try { writeFileSync(${mark}, '', { flag: 'wx' }); } catch { return; } // another one did
           writeSync(3, ${JSON.stringify(words)}); // the line to the supervisor
           ${then}
         };
         setTimeout(say, 50);`,
      ),
    );
    while (!said.some((line) => line.includes('it is replaced'))) await Bun.sleep(20);
    expect(said.filter((line) => line.includes('it is replaced'))).toHaveLength(1);
    await supervisor.stop();
  }
}, 20_000);

test('--workers auto starts a process for each core', async () => {
  const server = await startServerProcess(join(folder.path, 'auto'), '--workers', 'auto');
  expect(server.greeting).toContain(`workers: ${availableParallelism()}`);
  await server.stop();
}, 20_000);
