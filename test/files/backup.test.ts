import { expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageView } from '@pokers/protocol/http';
import { ask, foundClass, signUp } from '../actors/people.ts';
import { runCli, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { fetchFile, refusalOf, upload } from '../actors/uploads.ts';

test('a backup takes files along, and putting it back brings those back that were lost or deleted since', async () => {
  const folder = temporaryFolder('files-backup');
  const [data, files] = [join(folder.path, 'data'), join(folder.path, 'elsewhere')];
  const backup = join(folder.path, 'kept.db');
  const places = ['--data', data, '--files', files];
  const server = await startServerProcess(data, '--files', files);
  const ming = await signUp(server.url, 'Ming');
  const { classroom, thread } = await foundClass(server.url, ming, []);
  const contents = [randomBytes(1_000), randomBytes(2_000)];
  const kept: { id: number; message: number }[] = [];
  for (const bytes of contents) {
    const { id } = await upload(server.url, ming, classroom.id, 'a', bytes);
    const body = { content: '', file: id };
    const message = await ask<MessageView>(server.url, `/api/threads/${thread.id}/messages`, {
      as: ming,
      body,
    });
    kept.push({ id, message: message.id });
  }
  expect(existsSync(join(data, 'files'))).toBe(false);

  const done = await runCli('backup', backup, ...places, '--json');
  expect([done.code, JSON.parse(done.stdout)]).toEqual([
    0,
    { backup, bytes: expect.any(Number), files: { files: 2, bytes: 3_000 } },
  ]);
  expect((await runCli('backup', backup, ...places)).code).toBe(1);

  await ask(server.url, `/api/messages/${kept[0]?.message}`, { as: ming, method: 'DELETE' });
  await server.stop();
  rmSync(files, { recursive: true });
  expect((await runCli('restore', backup, ...places)).code).toBe(0);

  const after = await startServerProcess(data, '--files', files);
  for (const [index, { id }] of kept.entries()) {
    const answer = await fetchFile(after.url, ming, `/files/${id}/a`);
    expect([answer.status, Buffer.from(await answer.bytes())]).toEqual([
      200,
      contents[index] ?? Buffer.alloc(0),
    ]);
  }
  expect(await refusalOf(fetchFile(after.url, ming, '/files/99/a'))).toBe('file_not_found');
  await after.stop();
  folder.remove();
});
