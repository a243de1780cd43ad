import { expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';

const FAULTS = fileURLToPath(new URL('../../server/src/faults.ts', import.meta.url));

/** Runs a program that watches for faults, and then does this. */
async function runWatched(does: string): Promise<{ code: number; said: string }> {
  const program = `
    import { watchFaults } from ${JSON.stringify(FAULTS)};
    const say = (what) => (error) => console.log(what, error.message);
    watchFaults({ error: say('error'), fatal: say('fatal') });
    ${does}
    setTimeout(() => console.log('goes on'), 100);
  `;
  const child = Bun.spawn([process.execPath, '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { said: await new Response(child.stdout).text(), code: await child.exited };
}

test('a promise that fails unseen is logged, and the server goes on', async () => {
  const { code, said } = await runWatched(`Promise.reject(new Error('unseen'));`);
  expect([code, said]).toEqual([0, 'error unseen\ngoes on\n']);
});

test('an exception that nothing caught is logged, and the process ends to be started anew', async () => {
  const { code, said } = await runWatched(`setTimeout(() => { throw new Error('uncaught'); });`);
  expect([code, said]).toEqual([1, 'fatal uncaught\n']);
});
