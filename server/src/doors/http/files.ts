import { createRoute, z } from '@hono/zod-openapi';
import { BeginUploadBody, FilesView, FileView, LimitsView, TUS } from '@pokers/protocol/files';
import { toMessageView } from '@pokers/protocol/http';
import { FILE_LIMITS } from '@pokers/protocol/limits';
import type { Context } from 'hono';
import { afterChange } from '../../chat/access.ts';
import { PokersError } from '../../errors.ts';
import { beginUpload } from '../../files/begin-upload.ts';
import { cancelUpload } from '../../files/cancel-upload.ts';
import { findFile, openFile } from '../../files/find-file.ts';
import { fileView, type Keeping } from '../../files/keeping.ts';
import { readFiles } from '../../files/read-files.ts';
import { readLimits } from '../../files/space.ts';
import { takePiece } from '../../files/take-piece.ts';
import { answered, IdParam, refused, wanted } from './answers.ts';
import type { Env, HttpApp } from './http-app.ts';
import { servedAsFile } from './served-as-file.ts';

const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

const limits = createRoute({
  method: 'get',
  path: '/api/limits',
  summary: 'What I may upload, and how much of it is left',
  request: { query: z.object({ class: id.optional().describe('to this class') }) },
  responses: { 200: answered('Limits', LimitsView), default: refused },
});

const begin = createRoute({
  method: 'post',
  path: '/api/classes/{id}/files',
  summary: 'Begin to upload a file to a class',
  request: { params: IdParam, body: wanted(BeginUploadBody) },
  responses: { 201: answered('The file, of which nothing has come', FileView), default: refused },
});

const look = createRoute({
  method: 'get',
  path: '/api/files/{id}',
  summary: 'How far an upload is. `HEAD` says it in headers alone',
  request: { params: IdParam },
  responses: { 200: answered('The file', FileView), default: refused },
});

const piece = createRoute({
  method: 'patch',
  path: '/api/files/{id}',
  summary: 'Send the next bytes of a file, as `application/offset+octet-stream`',
  request: { params: IdParam },
  responses: { 200: answered('The file', FileView), default: refused },
});

const cancel = createRoute({
  method: 'delete',
  path: '/api/files/{id}',
  summary: 'Forget a file of mine that is not posted',
  request: { params: IdParam },
  responses: { 200: answered('Forgotten', z.object({})), default: refused },
});

const list = createRoute({
  method: 'get',
  path: '/api/threads/{id}/files',
  summary: 'Messages of a thread that have files, or pictures alone: the newest first',
  request: {
    params: IdParam,
    query: z.object({
      before: id.optional().describe('the last message of the page before'),
      kind: z.enum(['all', 'pictures']).optional().describe('default `all`'),
    }),
  },
  responses: { 200: answered('A page', FilesView), default: refused },
});

const bytes = createRoute({
  method: 'get',
  path: '/files/{id}/{name}',
  summary: 'The bytes of a file, or a range of them; the name in the path does not matter',
  request: { params: IdParam.extend({ name: z.string() }) },
  responses: {
    200: { description: 'The bytes', content: { '*/*': { schema: z.string() } } },
    default: refused,
  },
});

export function addFileRoutes(app: HttpApp, keeping: Keeping): void {
  app.openapi(limits, async (c) =>
    c.json(await readLimits(keeping, c.get('actor'), c.req.valid('query').class), 200),
  );

  app.openapi(begin, async (c) => {
    const { id: classroom } = c.req.valid('param');
    const row = await beginUpload(keeping, c.get('actor'), classroom, c.req.valid('json'));
    sayOffset(c, row.size, 0);
    c.header('location', `/api/files/${row.id}`);
    return c.json(fileView(row, 0), 201);
  });

  app.openapi(look, async (c) => {
    const row = await findFile(keeping, c.get('actor'), c.req.valid('param').id);
    const offset = row.done === null ? await keeping.staging.settled(row.key) : row.size;
    sayOffset(c, row.size, offset);
    return c.json(fileView(row, offset), 200);
  });

  app.openapi(piece, async (c) => {
    const { id: file } = c.req.valid('param');
    const offset = offsetIn(c.req.raw);
    const came = await takePiece(keeping, c.get('actor'), file, { offset, bytes: c.req.raw.body });
    const row = await findFile(keeping, afterChange(c.get('actor')), file);
    sayOffset(c, row.size, came);
    return c.json(fileView(row, came), 200);
  });

  app.openapi(cancel, async (c) => {
    await cancelUpload(keeping, c.get('actor'), c.req.valid('param').id);
    return c.json({}, 200);
  });

  app.openapi(list, async (c) => {
    const { before, kind } = c.req.valid('query');
    const query = { thread: c.req.valid('param').id, pictures: kind === 'pictures', before };
    const { messages, more } = await readFiles(keeping.chat, c.get('actor'), query);
    return c.json({ messages: messages.map(toMessageView), more }, 200);
  });

  app.openapi(bytes, async (c) => {
    const row = await findFile(keeping, c.get('actor'), c.req.valid('param').id);
    const etag = `"${row.sha256}"`;
    // What is under an id is never another; but it is only for whom it was shown to.
    const headers = {
      ...servedAsFile(row.type, row.name),
      etag,
      'cache-control': 'private, max-age=31536000, immutable',
    };
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers) as never;
    c.env.sendFile(await openFile(keeping, row));
    return c.body(null, 200, headers) as never;
  });
}

/** @throws bad_request where this is no piece of an upload, too_long */
function offsetIn(request: Request): number {
  const { headers } = request;
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== TUS.pieceType) throw new PokersError('bad_request', `content-type must be ${TUS.pieceType}`);
  const text = headers.get(TUS.offsetHeader) ?? '';
  if (!/^\d{1,15}$/.test(text)) throw new PokersError('bad_request', `${TUS.offsetHeader} must be a number`);
  if (Number(headers.get('content-length') ?? 0) > FILE_LIMITS.pieceBytes)
    throw new PokersError('too_long', `at most ${FILE_LIMITS.pieceBytes} bytes`);
  return Number(text);
}

function sayOffset(c: Context<Env>, size: number, offset: number): void {
  c.header(TUS.versionHeader, TUS.version);
  c.header(TUS.offsetHeader, String(offset));
  c.header(TUS.lengthHeader, String(size));
}
