import { createRoute, z } from '@hono/zod-openapi';
import { ClassView, PictureBody } from '@pokers/protocol/classes';
import { LIMITS } from '@pokers/protocol/limits';
import { afterChange, inClass } from '../../chat/access.ts';
import type { Chat } from '../../chat/chat.ts';
import { type Picture, pictureOf, setPicture } from '../../chat/set-picture.ts';
import { PokersError } from '../../errors.ts';
import { answered, IdParam, refused, wanted } from './answers.ts';
import { classView } from './classes.ts';
import type { HttpApp } from './http-app.ts';
import { servedAsFile } from './served-as-file.ts';

const set = createRoute({
  method: 'put',
  path: '/api/classes/{id}/picture',
  summary: 'Give a class a picture',
  request: { params: IdParam, body: wanted(PictureBody) },
  responses: { 200: answered('The class', ClassView), default: refused },
});

const remove = createRoute({
  method: 'delete',
  path: '/api/classes/{id}/picture',
  summary: 'Take the picture of a class away',
  request: { params: IdParam },
  responses: { 200: answered('The class', ClassView), default: refused },
});

const get = createRoute({
  method: 'get',
  path: '/api/classes/{id}/picture',
  summary: 'The picture of a class of mine: PNG, JPEG or WebP',
  request: { params: IdParam, query: z.object({ v: z.string().max(64).optional() }) },
  responses: {
    200: { description: 'The picture', content: { 'image/*': { schema: z.string() } } },
    default: refused,
  },
});

export function addPictureRoutes(app: HttpApp, chat: Chat): void {
  app.openapi(set, async (c) => {
    const { id } = c.req.valid('param');
    await setPicture(chat, c.get('actor'), id, pictureFrom(c.req.valid('json').base64));
    return c.json(await classView(chat, afterChange(c.get('actor')), id), 200);
  });

  app.openapi(remove, async (c) => {
    const { id } = c.req.valid('param');
    await setPicture(chat, c.get('actor'), id, undefined);
    return c.json(await classView(chat, afterChange(c.get('actor')), id), 200);
  });

  app.openapi(get, async (c) => {
    const { id } = c.req.valid('param');
    await inClass(chat, c.get('actor'), 'see_class', id);
    const picture = await pictureOf(chat.store, id);
    if (!picture) throw new PokersError('not_found');
    // Its address names its hash, so it need not be asked for again; but only by whom it was shown to.
    c.header('cache-control', 'private, max-age=31536000, immutable');
    return c.body(Buffer.from(picture.bytes), 200, servedAsFile(picture.type)) as never;
  });
}

/** How the kinds of picture begin that every browser shows and that can hold no page. */
const KINDS: readonly { type: string; is: (bytes: Uint8Array) => boolean }[] = [
  { type: 'image/png', is: (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  { type: 'image/jpeg', is: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]) },
  {
    type: 'image/webp',
    is: (bytes) =>
      startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes.subarray(8), [0x57, 0x45, 0x42, 0x50]),
  },
];

/** @throws picture_invalid, too_long */
function pictureFrom(base64: string): Picture {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
  if (bytes.length > LIMITS.pictureBytes)
    throw new PokersError('too_long', `at most ${LIMITS.pictureBytes} bytes`);
  const kind = KINDS.find(({ is }) => is(bytes));
  if (!kind) throw new PokersError('picture_invalid');
  return { type: kind.type, bytes };
}

function startsWith(bytes: Uint8Array, beginning: readonly number[]): boolean {
  return beginning.every((byte, index) => bytes[index] === byte);
}
