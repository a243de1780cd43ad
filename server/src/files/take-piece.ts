import { createHash } from 'node:crypto';
import { type Actor, inClass } from '../chat/access.ts';
import type { Chat } from '../chat/chat.ts';
import { PokersError } from '../errors.ts';
import type { Step } from '../store/records.ts';
import { type Content, contentOf, HEAD_BYTES } from './content.ts';
import type { FileRow, Keeping } from './keeping.ts';
import { ownUpload } from './own-upload.ts';

export interface Piece {
  /** Where it begins: as many bytes as have come. */
  readonly offset: number;
  readonly bytes: ReadableStream<Uint8Array> | null;
}

/**
 * Takes the next bytes of a file. With the last of them it is stored whole; where that fails, an empty piece at the end
 * tries again.
 * @returns how many bytes have come, all of them on disk
 * @throws upload_offset_wrong, upload_damaged, busy, server_files_full, files_unavailable, file_not_found, and as
 *   `inClass`
 */
export async function takePiece(
  keeping: Keeping,
  actor: Actor,
  id: number,
  { offset, bytes }: Piece,
): Promise<number> {
  const { staging, caps, refusals } = keeping;
  const row = await ownUpload(keeping, actor, id);
  const { key, size } = row;
  await inClass(keeping.chat, actor, 'upload_file', row.class_id);
  if (row.done !== null) {
    if (offset === size) return size;
    throw new PokersError('upload_offset_wrong');
  }
  if (staging.count >= caps.piecesAtOnce) throw refusals.busy('uploads');
  return staging.add(key, { offset, size, bytes, onWhole: () => finish(keeping, row) });
}

/** @throws upload_damaged: it begins anew then */
async function finish({ chat, files, staging }: Keeping, row: FileRow): Promise<void> {
  const path = staging.pathOf(row.key);
  const seen = await look(path);
  if (row.sha256 !== null && row.sha256 !== seen.sha256) {
    await staging.remove(row.key);
    throw new PokersError('upload_damaged');
  }
  await files.put(row.key, path);
  try {
    await chat.store.atomically([isDone(chat, row.id, seen)]);
  } catch (error) {
    // Cancelled meanwhile: nobody would know of these bytes any more.
    if (error instanceof PokersError && error.error === 'file_not_found') await files.remove(row.key);
    throw error;
  }
  await staging.remove(row.key);
}

interface Seen extends Content {
  readonly sha256: string;
}

function isDone({ store, now }: Chat, id: number, { width, height, ...seen }: Seen): Step {
  return {
    query: store.db
      .updateTable('files')
      .set({ ...seen, width: width ?? null, height: height ?? null, done: now() })
      .where('id', '=', id)
      .where('gone', '=', 0),
    expect: { rows: 'some', otherwise: 'file_not_found' },
  };
}

/** What the bytes are. */
async function look(path: string): Promise<Seen> {
  const file = Bun.file(path);
  const hash = createHash('sha256');
  for await (const chunk of file.stream()) hash.update(chunk);
  return { sha256: hash.digest('hex'), ...(await contentOf(await file.slice(0, HEAD_BYTES).bytes())) };
}
