import { createRoute, z } from '@hono/zod-openapi';
import { ChangeSettingsBody, SettingsView } from '@pokers/protocol/accounts';
import { AuditView } from '@pokers/protocol/classes';
import type { AccountServices } from '../../accounts/account-services.ts';
import type { Records } from '../../store/records.ts';
import { answered, BackwardQuery, refused, wanted } from './answers.ts';
import { auditFile, auditPage } from './audit.ts';
import { callerIn } from './caller-in.ts';
import type { HttpApp } from './http-app.ts';

const read = createRoute({
  method: 'get',
  path: '/api/server/settings',
  summary: 'How the server is set up',
  responses: { 200: answered('The settings', SettingsView), default: refused },
});

const change = createRoute({
  method: 'patch',
  path: '/api/server/settings',
  summary: 'Set the server up',
  request: { body: wanted(ChangeSettingsBody) },
  responses: { 200: answered('The settings', SettingsView), default: refused },
});

const audit = createRoute({
  method: 'get',
  path: '/api/server/audit',
  summary: 'Who signed in, who failed to, and what was done to accounts and the server; the newest first',
  request: { query: BackwardQuery },
  responses: { 200: answered('A page', AuditView), default: refused },
});

const sheet = createRoute({
  method: 'get',
  path: '/api/server/audit.csv',
  summary: 'The same, all of it, as a CSV file',
  responses: {
    200: { description: 'The file', content: { 'text/csv': { schema: z.string() } } },
    default: refused,
  },
});

export function addServerSettingsRoutes(app: HttpApp, { settings }: AccountServices, records: Records): void {
  app.openapi(read, async (c) => c.json(await settings.read(), 200));

  app.openapi(change, async (c) =>
    c.json(await settings.change(c.get('user'), c.req.valid('json'), callerIn(c)), 200),
  );

  app.openapi(audit, async (c) => c.json(await auditPage(records, null, c.req.valid('query').before), 200));
  app.openapi(sheet, () => auditFile(records, null, 'server-audit.csv') as never);
}
