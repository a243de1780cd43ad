import { afterAll, expect, test } from 'bun:test';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Staging } from '@pokers/server/files/staging';
import { temporaryFolder } from '../actors/server-process.ts';

const HOUR_MS = 60 * 60 * 1000;

const folder = temporaryFolder('staging');
afterAll(() => folder.remove());

test('what is left of uploads that ended over another server goes, and what is coming in stays', async () => {
  const staging = new Staging(folder.path);
  const now = Date.now();
  for (const [key, hours] of Object.entries({ left: 30, coming: 1 })) {
    writeFileSync(join(folder.path, key), 'what came of it');
    const at = new Date(now - hours * HOUR_MS);
    utimesSync(join(folder.path, key), at, at);
  }
  await staging.removeOld(now - 24 * HOUR_MS);
  expect(readdirSync(folder.path)).toEqual(['coming']);
});
