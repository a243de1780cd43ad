import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FileView } from '@pokers/protocol/files';
import { filesPlace, type S3Place } from '@pokers/server/files/place';
import { S3Files } from '@pokers/server/files/s3-files';
import { failureOf } from '../actors/failure.ts';
import { ask, foundClass, request, signUp } from '../actors/people.ts';
import { type S3Server, startS3Server } from '../actors/s3-server.ts';
import { type ServerProcess, startServerInEnvironment, temporaryFolder } from '../actors/server-process.ts';
import { beginUpload, fetchFile, refusalOf, sendPiece, upload } from '../actors/uploads.ts';
import { filesContract } from './files-contract.ts';

const placeOf = ({ place, env }: Pick<S3Server, 'place' | 'env'>): S3Place => {
  const found = filesPlace(place, env);
  if (!('s3' in found)) throw new Error('this is no bucket');
  return found.s3;
};

filesContract('a bucket', async () => {
  const bucket = await startS3Server();
  const files = new S3Files({ ...placeOf(bucket) }, () => {});
  return { files, fail: bucket.fail, end: bucket.stop };
});

test('requests are signed: with another secret nothing can be read or written, and the owner is told why', async () => {
  const bucket = await startS3Server();
  const troubles: unknown[] = [];
  const place = placeOf({ ...bucket, env: { ...bucket.env, AWS_SECRET_ACCESS_KEY: 'guessed' } });
  const files = new S3Files(place, (cause) => troubles.push(cause));
  expect(await failureOf(files.open('ab'))).toMatchObject({ error: 'files_unavailable' });
  expect(await failureOf(files.remove('ab'))).toMatchObject({ error: 'files_unavailable' });
  expect(bucket.refused()).toBeGreaterThan(0);
  expect(troubles).toHaveLength(2);
  await bucket.stop();
});

test('a place is a folder or a bucket, and what is wrong with it is said', () => {
  const env = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  expect(filesPlace('/srv/files', {})).toEqual({ folder: '/srv/files' });
  expect(filesPlace('s3://bucket', env)).toEqual({
    s3: { bucket: 'bucket', prefix: '', region: 'us-east-1', accessKeyId: 'a', secretAccessKey: 'b' },
  });
  expect(filesPlace('s3://b/x/y/?region=r&endpoint=https://s3.example', env)).toMatchObject({
    s3: { prefix: 'x/y/', region: 'r', endpoint: 'https://s3.example' },
  });
  for (const [text, environment, why] of [
    ['s3://', env, 'a folder or s3://'],
    ['s3://bucket?color=red', env, 'not color'],
    ['s3://bucket?endpoint=ftp://x', env, 'must begin with https://'],
    ['s3://bucket', {}, 'AWS_ACCESS_KEY_ID'],
  ] as const) {
    expect(() => filesPlace(text, environment)).toThrow(why);
  }
});

describe('a server whose files are in a bucket', () => {
  const folder = temporaryFolder('s3-server');
  let bucket: S3Server;
  let server: ServerProcess;
  beforeAll(async () => {
    bucket = await startS3Server();
    server = await startServerInEnvironment(bucket.env, folder.path, '--files', bucket.place);
  });
  afterAll(async () => {
    await server.stop();
    await bucket.stop();
    folder.remove();
  });

  test('stores, sends and removes them there, and asks for rights as ever', async () => {
    const { url } = server;
    const ming = await signUp(url, 'Ming');
    const stranger = await signUp(url, 'Stranger');
    const { classroom, thread } = await foundClass(url, ming, []);
    const bytes = randomBytes(900_000);
    const { id } = await upload(url, ming, classroom.id, 'a', bytes);
    expect(readdirSync(join(folder.path, 'files', 'uploads'))).toEqual([]);
    const message = await ask<{ id: number }>(url, `/api/threads/${thread.id}/messages`, {
      as: ming,
      body: { content: '', file: id },
    });
    const answer = await fetchFile(url, ming, `/files/${id}/a`);
    expect(Buffer.from(await answer.bytes()).equals(bytes)).toBe(true);
    const part = await fetchFile(url, ming, `/files/${id}/a`, { range: 'bytes=5000-599999' });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.bytes()).equals(bytes.subarray(5_000, 600_000))).toBe(true);
    expect(await refusalOf(fetchFile(url, stranger, `/files/${id}/a`))).toBe('file_not_found');
    await ask(url, `/api/messages/${message.id}`, { as: ming, method: 'DELETE' });
    expect(await refusalOf(fetchFile(url, ming, `/files/${id}/a`))).toBe('file_not_found');
  });

  test('that is out of reach says so, and a file goes there when it is back', async () => {
    const { url } = server;
    const ming = await signUp(url, 'Ming');
    const { classroom } = await foundClass(url, ming, []);
    const bytes = randomBytes(10);
    const { id } = await beginUpload(url, ming, classroom.id, { name: 'a', size: 10 });
    bucket.fail(true);
    expect(await refusalOf(sendPiece(url, ming, id, 0, bytes))).toBe('files_unavailable');
    bucket.fail(false);
    expect(await ask<FileView>(url, `/api/files/${id}`, { as: ming })).toMatchObject({
      offset: 10,
      done: false,
    });
    expect(await refusalOf(sendPiece(url, ming, id, 10, new Uint8Array()))).toBe('200');
    expect(await (await request(url, `/files/${id}/a`, { as: ming })).bytes()).toEqual(new Uint8Array(bytes));
  });
});
