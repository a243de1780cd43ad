import type { Message, PictureShape } from '@pokers/protocol/message';
import { PokersError } from '../errors.ts';
import { fileUrl } from './file-url.ts';
import { NO_FILE, type Shown } from './new-message.ts';
import { one, run, type Steps, statement } from './statement.ts';
import type { MessageDraft } from './store.ts';

/**
 * What a message has of a file that a post names. Changes nothing. A picture goes where classic clients look for one, all
 * else is a file to them.
 * @throws file_not_found, upload_unfinished, file_has_no_words
 */
export function* attachable(file: number, draft: MessageDraft, classroom: number): Steps<Shown> {
  const row = yield* one(sql.file, { file });
  const isOwn = row?.uploader === draft.speaker && row.class_id === classroom;
  if (!row || !isOwn || row.message !== null || row.gone !== 0) throw new PokersError('file_not_found');
  if (row.done === null) throw new PokersError('upload_unfinished');
  const url = fileUrl(row);
  const picture = shapeOf(row);
  if (picture) return { ...NO_FILE, content: draft.content, img_url: url, picture };
  if (draft.content !== '') throw new PokersError('file_has_no_words');
  return {
    ...NO_FILE,
    type: 'file',
    content: null,
    file_url: url,
    file_name: row.name,
    file_size: row.size,
  };
}

/** Makes a file that is `attachable` the message's. */
export function* attach(file: number, message: Message): Steps<void> {
  const { id, type, content, img_url, file_url, file_name, file_size, picture } = message;
  yield* run(sql.attach, { message: id, file });
  const shape = picture === null ? null : JSON.stringify(picture);
  yield* run(sql.show, { id, type, content, img_url, file_url, file_name, file_size, picture: shape });
}

interface FileRow {
  readonly id: number;
  readonly uploader: number;
  readonly class_id: number;
  readonly name: string;
  readonly size: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly preview: string | null;
  readonly done: number | null;
  readonly message: number | null;
  readonly gone: number;
}

function shapeOf({ width, height, preview }: FileRow): PictureShape | undefined {
  if (width === null || height === null) return undefined;
  return preview === null ? [width, height] : [width, height, preview];
}

const sql = {
  file: statement<FileRow>(
    `select id, uploader, class_id, name, size, width, height, preview, done, message, gone from files
     where id = $file`,
    { locks: true },
  ),
  attach: statement('update files set message = $message where id = $file'),
  show: statement(
    `update messages set type = $type, content = $content, img_url = $img_url, file_url = $file_url,
       file_name = $file_name, file_size = $file_size, picture = $picture where id = $id`,
  ),
};

/** For engines that make their statements ready beforehand. */
export const ATTACH_STATEMENTS = Object.values(sql);
