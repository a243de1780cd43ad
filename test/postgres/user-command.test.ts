import { afterAll, beforeAll, expect, test } from 'bun:test';
import { CLOSES } from '@pokers/protocol/codes';
import { ask, type Person, signUp } from '../actors/people.ts';
import { type PostgresServer, startPostgres } from '../actors/postgres-server.ts';
import {
  runCliWith,
  type ServerProcess,
  startServerProcess,
  temporaryFolder,
} from '../actors/server-process.ts';
import { V2Client } from '../actors/v2-client.ts';

let postgres: PostgresServer;
let server: ServerProcess;
let database: string;
let ming: Person;
const folder = temporaryFolder('user-on-postgres');
beforeAll(async () => {
  postgres = await startPostgres();
  database = await postgres.create();
  server = await startServerProcess(folder.path, '--database', database);
  await signUp(server.url, 'Ms Chen');
  ming = await signUp(server.url, 'Ming');
}, 60_000);
afterAll(async () => {
  try {
    await server.stop();
  } finally {
    await postgres.end();
    folder.remove();
  }
});

const user = (...args: string[]) => runCliWith({ POKERS_DATABASE: database }, 'user', ...args);

test('the command line adds people to the database, who can sign in', async () => {
  const added = await user('add', 'Lily', 'lily@test.example', '--json');
  expect(added).toMatchObject({ code: 0, stderr: '' });
  const { password } = JSON.parse(added.stdout) as { password: string };
  const body = { email: 'lily@test.example', password };
  expect(await ask(server.url, '/api/sign-in', { body })).toMatchObject({ user: { name: 'Lily' } });
  expect((await user('list', 'lil')).stdout).toContain('lily@test.example');
  expect((await user('add', 'Lily', 'lily@test.example')).code).toBe(1);
});

test('whom it disables is sent away from the server that runs', async () => {
  const client = await V2Client.open(server.socketUrl, ming);
  expect((await user('disable', ming.email)).code).toBe(0);
  expect((await client.socket.closed).code).toBe(CLOSES.sign_in_required.code);
});
