/** Suites that know nothing of where servers keep their data, on PostgreSQL: what is told here beside those. */

import { startPostgres } from './actors/postgres-server.ts';
import { POSTGRES_SERVER } from './actors/server-process.ts';

const FILES = [
  'test/accounts/own-account.test.ts',
  'test/accounts/password-reset.test.ts',
  'test/accounts/sdk.test.ts',
  'test/accounts/server-users.test.ts',
  'test/accounts/sign-in.test.ts',
  'test/classes/classes.test.ts',
  'test/classes/headless.test.ts',
  'test/http/http-door.test.ts',
  'test/push/push.test.ts',
  'test/rights/ended-sessions.test.ts',
  'test/rights/revocation.test.ts',
  'test/search/search.test.ts',
  'test/v2/message-changes.test.ts',
  'test/v2/v2-door.test.ts',
];

const postgres = await startPostgres();
try {
  const child = Bun.spawn([process.execPath, 'test', '--timeout=60000', ...FILES], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, [POSTGRES_SERVER]: await postgres.create() },
  });
  process.exitCode = await child.exited;
} finally {
  await postgres.end();
}
