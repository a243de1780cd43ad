/** Files on their way in, and what one may upload. Times are Unix seconds; what has no value is left out. */
import { z } from 'zod';
import { MessageView } from './http.ts';
import { FILE_LIMITS } from './limits.ts';
import { idSchema } from './schemas.ts';

const id = idSchema;

/** A ThumbHash has 5 to 25 bytes. */
const previewSchema = z
  .string()
  .regex(/^[A-Za-z0-9+/]{7,34}={0,2}$/, 'must be a ThumbHash in base64')
  .describe('for a picture: a ThumbHash in base64, sent with the message');

export const BeginUploadBody = z.strictObject({
  name: z
    .string()
    .max(1_000)
    .describe(`what it is called; of a path the last part, cut to ${FILE_LIMITS.fileNameBytes} bytes`),
  size: z.int().nonnegative().describe('in bytes'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
    .optional()
    .describe('of the whole, in hexadecimal: what comes otherwise is refused with `upload_damaged`'),
  preview: previewSchema.optional(),
});

export const FileView = z.object({
  id: id.describe('what a post names'),
  class: id,
  name: z.string(),
  size: z.int(),
  offset: z.int().describe('bytes that have come'),
  done: z.boolean().describe('whether it is stored whole, and can be posted'),
  url: z.string().describe('where it is, once it is done'),
  type: z
    .string()
    .optional()
    .describe('by its content: a picture, sound or film, or `application/octet-stream`'),
  picture: MessageView.shape.picture,
  message: id.optional().describe('the message that it was posted with'),
});
export type FileView = z.infer<typeof FileView>;

export const FilesView = z.object({
  messages: z.array(MessageView).describe('those with files, the newest first'),
  more: z.boolean().describe('whether there are older ones'),
});
export type FilesView = z.infer<typeof FilesView>;

/** What a client shows before it uploads. Bytes. */
export const LimitsView = z.object({
  file_bytes: z.int().describe('largest file'),
  piece_bytes: z.int().describe('most in one request'),
  day_bytes: z.int().describe('what you may upload in a day (of UTC)'),
  day_left: z.int().describe('what is left of it'),
  class_bytes: z.int().describe('all files of a class'),
  class_left: z.int().optional().describe('what is left of it in the class that was asked for'),
  server_left: z.int().describe('what the server has room for'),
});
export type LimitsView = z.infer<typeof LimitsView>;

/** Headers of uploads, as the tus protocol (1.0.0) has them: its clients can go on with an upload that was begun here. */
export const TUS = {
  version: '1.0.0',
  versionHeader: 'tus-resumable',
  offsetHeader: 'upload-offset',
  lengthHeader: 'upload-length',
  pieceType: 'application/offset+octet-stream',
} as const;
