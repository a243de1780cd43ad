import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '@pokers/server/files/files';
import { failureOf } from '../actors/failure.ts';
import { temporaryFolder } from '../actors/server-process.ts';

/** A place of files under test. */
export interface FilesUnderTest {
  readonly files: Files;
  /** Makes it fail from now on, or no more. */
  fail(on: boolean): void;
  end(): Promise<void>;
}

/** What every place of files promises. @param start given a folder that is on the same file system as the uploads */
export function filesContract(place: string, start: (folder: string) => Promise<FilesUnderTest>): void {
  describe(`files in ${place}`, () => {
    const folder = temporaryFolder('files-contract');
    let under: FilesUnderTest;
    let files: Files;
    beforeAll(async () => {
      under = await start(folder.path);
      ({ files } = under);
    });
    afterAll(async () => {
      await under.end();
      folder.remove();
    });

    const newKey = (): string => randomBytes(16).toString('hex');
    const staged = (bytes: Uint8Array): string => {
      const path = join(folder.path, newKey());
      writeFileSync(path, bytes);
      return path;
    };

    test.each([0, 1, 100_000, 12 * 1024 * 1024])(
      '%d bytes come back as they were put, whole and in parts',
      async (size) => {
        const bytes = randomBytes(size);
        const key = newKey();
        await files.put(key, staged(bytes));
        const found = await files.open(key);
        expect(found?.size).toBe(size);
        expect(Buffer.from((await found?.slice(0, size).bytes()) ?? []).equals(bytes)).toBe(true);
        for (const [start, end] of [
          [0, 10],
          [size - 5, size],
          [Math.floor(size / 2), Math.floor(size / 2) + 70_000],
        ] as const) {
          if (start < 0 || end > size) continue;
          const part = (await found?.slice(start, end).bytes()) ?? [];
          expect(Buffer.from(part).equals(bytes.subarray(start, end))).toBe(true);
        }
      },
    );

    test('what is read from its start to its end in small parts, as downloads do, is whole', async () => {
      const bytes = randomBytes(700_001);
      const key = newKey();
      await files.put(key, staged(bytes));
      const range = (await files.open(key))?.slice(1_000, 700_001);
      const parts: Uint8Array[] = [];
      for (let at = 0; at < (range?.size ?? 0); at += 60_000) {
        const part = await range?.slice(at, at + 60_000).bytes();
        if (part) parts.push(part.slice());
      }
      expect(Buffer.concat(parts).equals(bytes.subarray(1_000))).toBe(true);
    });

    test('what is not there is not found, and removing it is well', async () => {
      expect(await files.open(newKey())).toBeUndefined();
      await files.remove(newKey());
    });

    test('what was removed is gone', async () => {
      const key = newKey();
      await files.put(key, staged(randomBytes(10)));
      await files.remove(key);
      expect(await files.open(key)).toBeUndefined();
    });

    test('putting it again is well', async () => {
      const bytes = randomBytes(10);
      const key = newKey();
      await files.put(key, staged(randomBytes(10)));
      await files.put(key, staged(bytes));
      expect(Buffer.from((await (await files.open(key))?.bytes()) ?? []).equals(bytes)).toBe(true);
    });

    test('where it fails nothing is there, what was to be put is where it was, and it says so', async () => {
      const bytes = randomBytes(10);
      const key = newKey();
      const path = staged(bytes);
      under.fail(true);
      expect(await failureOf(files.put(key, path))).toMatchObject({ error: 'files_unavailable' });
      under.fail(false);
      expect(await files.open(key)).toBeUndefined();
      expect(existsSync(path) && readFileSync(path).equals(bytes)).toBe(true);
      await files.put(key, path);
      expect((await files.open(key))?.size).toBe(10);
    });
  });
}
