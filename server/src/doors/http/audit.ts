import { createRoute, z } from '@hono/zod-openapi';
import { AuditView } from '@pokers/protocol/classes';
import { LIMITS } from '@pokers/protocol/limits';
import { stringify } from 'csv-stringify/sync';
import { inClass } from '../../chat/access.ts';
import type { Chat } from '../../chat/chat.ts';
import { type AuditRow, readAudit } from '../../store/audit.ts';
import type { Records } from '../../store/records.ts';
import { answered, BackwardQuery, IdParam, refused } from './answers.ts';
import type { HttpApp } from './http-app.ts';

const list = createRoute({
  method: 'get',
  path: '/api/classes/{id}/audit',
  summary: 'Who did what to whom in a class, the newest first',
  request: { params: IdParam, query: BackwardQuery },
  responses: { 200: answered('A page', AuditView), default: refused },
});

const sheet = createRoute({
  method: 'get',
  path: '/api/classes/{id}/audit.csv',
  summary: 'The same, all of it, as a CSV file',
  request: { params: IdParam },
  responses: {
    200: { description: 'The file', content: { 'text/csv': { schema: z.string() } } },
    default: refused,
  },
});

export function addAuditRoutes(app: HttpApp, chat: Chat): void {
  app.openapi(list, async (c) => {
    const { id } = c.req.valid('param');
    await inClass(chat, c.get('actor'), 'see_audit', id);
    return c.json(await auditPage(chat.store, id, c.req.valid('query').before), 200);
  });

  app.openapi(sheet, async (c) => {
    const { id } = c.req.valid('param');
    await inClass(chat, c.get('actor'), 'see_audit', id);
    return auditFile(chat.store, id, `class-${id}-audit.csv`) as never;
  });
}

/** A page of the log of a class, or of the server (null). From where it was done is for the head of the server. */
export async function auditPage(
  records: Records,
  of: number | null,
  before: number | undefined,
): Promise<z.infer<typeof AuditView>> {
  const found = await readAudit(records, of, { before, limit: LIMITS.auditPage + 1 });
  const entries = found.slice(0, LIMITS.auditPage).map((row) => entryOf(row, of === null));
  return { entries, more: found.length > LIMITS.auditPage };
}

/** The whole log as a download, read and sent a page at a time. */
export function auditFile(records: Records, of: number | null, name: string): Response {
  const encoder = new TextEncoder();
  let before: number | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(`\uFEFF${COLUMNS.join(',')}\r\n`)); // the mark tells spreadsheets that it is UTF-8
    },
    async pull(controller) {
      const rows = await readAudit(records, of, { before, limit: PAGE });
      if (rows.length > 0) controller.enqueue(encoder.encode(sheetOf(rows, of === null)));
      before = rows.at(-1)?.id;
      if (rows.length < PAGE) controller.close();
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}"`,
    },
  });
}

const PAGE = 1_000;
const COLUMNS = ['time', 'actor', 'actor_name', 'address', 'action', 'user', 'user_name', 'detail'];

/** What would be a formula in a spreadsheet is made plain text there. */
function sheetOf(rows: readonly AuditRow[], withAddress: boolean): string {
  const lines = rows.map(({ date, actor, actor_name, address, action, user, detail }) => [
    new Date(date * 1000).toISOString(),
    actor,
    actor_name,
    withAddress ? address : undefined,
    action,
    user?.id,
    user?.name,
    detail && JSON.stringify(detail),
  ]);
  return stringify(lines, { escape_formulas: true, record_delimiter: 'windows' });
}

function entryOf(row: AuditRow, withAddress: boolean): z.infer<typeof AuditView>['entries'][number] {
  const { id, date, actor, actor_name, address, action, user, detail } = row;
  return {
    id,
    date,
    action,
    ...(actor !== null && { actor }),
    ...(actor_name !== null && { actor_name }),
    ...(withAddress && address !== undefined && { address }),
    ...(user && { user: user.id, user_name: user.name }),
    ...(detail && { detail }),
  };
}
