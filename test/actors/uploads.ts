import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { FileView } from '@pokers/protocol/files';
import { ask, type Person, request } from './people.ts';

/** A picture of one colour that every program can read. */
export function png(width: number, height: number): Uint8Array {
  return pngOf(width, height, Buffer.alloc((width + 1) * height));
}

/** One that is as hard to make smaller as can be. */
export function noisyPng(width: number, height: number): Uint8Array {
  const lines = Array.from({ length: height }, () => Buffer.concat([Buffer.alloc(1), randomBytes(width)]));
  return pngOf(width, height, Buffer.concat(lines));
}

function pngOf(width: number, height: number, lines: Buffer): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8); // 8 bits of grey
  const pixels = deflateSync(lines);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const named = Buffer.concat([Buffer.from(name), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

export function beginUpload(
  url: string,
  as: Person,
  classroom: number,
  file: { name: string; size: number; sha256?: string; preview?: string },
): Promise<FileView> {
  return ask<FileView>(url, `/api/classes/${classroom}/files`, { as, body: file });
}

/** Sends a piece of a file, as it was said or not. */
export function sendPiece(
  url: string,
  as: Person | undefined,
  file: number,
  offset: number,
  bytes: Uint8Array,
): Promise<Response> {
  const headers: Record<string, string> = {
    'content-type': 'application/offset+octet-stream',
    'upload-offset': String(offset),
  };
  if (as) headers.authorization = `Bearer ${as.token}`;
  return fetch(`${url}/api/files/${file}`, { method: 'PATCH', headers, body: bytes as BodyInit });
}

/** A file that has come whole. */
export async function upload(
  url: string,
  as: Person,
  classroom: number,
  name: string,
  bytes: Uint8Array,
  more: { preview?: string } = {},
): Promise<FileView> {
  const { id } = await beginUpload(url, as, classroom, { name, size: bytes.length, ...more });
  const response = await sendPiece(url, as, id, 0, bytes);
  if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
  return (await response.json()) as FileView;
}

/** The name of the error that a request is refused with, or its status where it is not. */
export async function refusalOf(response: Promise<Response>): Promise<string> {
  const answer = await response;
  if (answer.ok) return String(answer.status);
  return ((await answer.json()) as { error: string }).error;
}

export function fetchFile(url: string, as: Person, path: string, headers: Record<string, string> = {}) {
  return request(url, path, { as, headers });
}
