import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MessagesView } from '@pokers/protocol/http';
import type { SearchView } from '@pokers/protocol/search';
import { MOVED_TABLES } from '@pokers/server/store/moving/moved-tables';
import { failureOf } from '../actors/failure.ts';
import { ask, foundClass, type Person, postOverHttp, signUp } from '../actors/people.ts';
import { type PostgresServer, startPostgres } from '../actors/postgres-server.ts';
import { CLI, runCli, startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { fillFolder, readFolder } from './filled-folder.ts';

let postgres: PostgresServer;
let ming: Person;
let thread: number;
const folders = Array.from({ length: 3 }, () => temporaryFolder('moving'));
const [old, back, other] = folders.map(({ path }) => path) as [string, string, string];
beforeAll(async () => {
  postgres = await startPostgres();
  const server = await startServerProcess(old, '--demo');
  ming = await signUp(server.url, 'Ming 小明');
  const lily = await signUp(server.url, 'Lily');
  ({
    thread: { id: thread },
  } = await foundClass(server.url, ming, [lily]));
  const { id } = await postOverHttp(server.url, ming, thread, 'first, 第一', { nonce: 'n' });
  const { id: last } = await postOverHttp(server.url, lily, thread, 'gone \u0000');
  await ask(server.url, `/api/messages/${id}/reactions`, { as: lily, body: { emoji: '👍', on: true } });
  await ask(server.url, `/api/messages/${last}`, { as: lily, method: 'DELETE' });
  await server.stop();
}, 60_000);
afterAll(async () => {
  await postgres.end();
  for (const folder of folders) folder.remove();
});

const move = (from: string, to: string) => runCli('migrate-store', '--from', from, '--to', to, '--json');
const messagesAt = async (url: string) =>
  (await ask<MessagesView>(url, `/api/threads/${thread}/messages`, { as: ming })).messages;

test('everything moves to PostgreSQL and back: sessions stay good, ids go on, nothing is lost', async () => {
  const database = await postgres.create();
  const there = await move(old, database);
  expect(there).toMatchObject({ code: 0 });
  const { tables } = JSON.parse(there.stdout) as { tables: { table: string; rows: number }[] };
  expect(tables.map(({ table }) => table)).toEqual([...MOVED_TABLES]);
  expect(tables.find(({ table }) => table === 'messages')?.rows).toBeGreaterThan(2);

  const onPostgres = await startServerProcess(old, '--database', database);
  const before = await messagesAt(onPostgres.url); // by the session from before
  expect(before).toMatchObject([{ content: 'first, 第一', seq: 3 }, { deleted: expect.any(Number) }]);
  expect(await postOverHttp(onPostgres.url, ming, thread, 'first, 第一', { nonce: 'n' })).toEqual(
    before[0] as never,
  );
  const next = await postOverHttp(onPostgres.url, ming, thread, 'next');
  expect(next.id).toBeGreaterThan(before.at(-1)?.id ?? 0);
  for (let hits = 0; hits === 0; await Bun.sleep(50))
    ({ length: hits } = (
      await ask<SearchView>(onPostgres.url, `/api/search?q=${encodeURIComponent('第一')}`, { as: ming })
    ).hits);
  const inUse = await move(database, back);
  expect(inUse).toMatchObject({ code: 1 });
  expect(inUse.stderr).toContain('Stop it first');
  await onPostgres.stop();

  expect(await move(database, back)).toMatchObject({ code: 0 });
  const onSqlite = await startServerProcess(back);
  expect(await messagesAt(onSqlite.url)).toEqual([...before, next] as never);
  const { id } = await postOverHttp(onSqlite.url, ming, thread, 'and so on');
  expect(id).toBeGreaterThan(next.id);
  await onSqlite.stop();
}, 60_000);

test('what holds something is not moved onto, and what fails on the way leaves nothing', async () => {
  const database = await postgres.create();
  expect(await move(old, database)).toMatchObject({ code: 0 });
  const twice = await move(old, database);
  expect(twice).toMatchObject({ code: 1 });
  expect(twice.stderr).toMatch(/holds something already/);
  expect((await move(database, old)).stderr).toMatch(/There is a database in .* already/);
  expect((await move(old, back)).code).toBe(2);
  expect((await move(other, await postgres.create())).stderr).toMatch(/There is no database in/);

  await postgres.ask(database, 'alter table members drop constraint members_role_check');
  await postgres.ask(database, "update members set role = 'king' where role = 'head'");
  const failed = await move(database, other);
  expect(failed).toMatchObject({ code: 1 });
  expect(failed.stderr).toMatch(/^pokers: members could not be written.*Nothing was moved\.$/m);
  expect(existsSync(join(other, 'pokers.db'))).toBe(false);
}, 60_000);

test('whatever the tables hold arrives, there and back', async () => {
  const [full, returned] = [temporaryFolder('full'), temporaryFolder('returned')];
  await fillFolder(full.path, 9);
  const database = await postgres.create();
  const there = await move(full.path, database);
  expect(there.stderr).not.toContain('pokers:');
  const home = await move(database, returned.path);
  expect(home.stderr).not.toContain('pokers:');
  const [before, between] = [there, home].map(({ stdout }) => JSON.parse(stdout).tables);
  expect(between).toEqual(before);
  for (const { table, rows } of before) expect([table, rows]).toEqual([table, table === 'meta' ? rows : 9]);
  expect(readFolder(returned.path)).toEqual(readFolder(full.path));
  for (const folder of [full, returned]) folder.remove();
}, 60_000);

test('a move that is killed on the way leaves nothing, and is begun again; nothing comes in meanwhile', async () => {
  const [full, returned] = [temporaryFolder('full'), temporaryFolder('returned')];
  await fillFolder(full.path, 4_000);
  const database = await postgres.create();
  await killWhileMoving(full.path, database);
  expect(await move(full.path, database)).toMatchObject({ code: 0 });
  await killWhileMoving(database, returned.path, async () => {
    const impatient = `${database}?options=${encodeURIComponent('-c lock_timeout=100')}`;
    const late = postgres.ask(impatient, "insert into settings (key, value) values ('late', '1')");
    expect(String(await failureOf(late))).toContain('lock timeout');
  });
  expect(existsSync(join(returned.path, 'pokers.db'))).toBe(false);
  expect(await move(database, returned.path)).toMatchObject({ code: 0 });
  expect(readFolder(returned.path).get('messages')).toEqual(readFolder(full.path).get('messages'));
  for (const folder of [full, returned]) folder.remove();
}, 120_000);

test('a move whose PostgreSQL goes away says so in a sentence, and has moved nothing', async () => {
  const [full, returned] = [temporaryFolder('full'), temporaryFolder('returned')];
  await fillFolder(full.path, 4_000);
  const database = await postgres.create();
  expect(await move(full.path, database)).toMatchObject({ code: 0 });
  for (const [from, to] of [
    [full.path, await postgres.create()],
    [database, returned.path],
  ] as const) {
    const moving = beginMove(from, to);
    const said = await sayingUntil(
      moving,
      'members: ',
      async () => void (await postgres.terminateBackends()),
    );
    expect(await moving.exited).toBe(1);
    expect(said).toMatch(/^pokers: .*Nothing was moved\.$/m);
    expect(said).not.toMatch(/^\s+at /m);
  }
  expect(existsSync(join(returned.path, 'pokers.db'))).toBe(false);
  for (const folder of [full, returned]) folder.remove();
}, 60_000);

async function killWhileMoving(from: string, to: string, meanwhile?: () => Promise<void>): Promise<void> {
  const moving = beginMove(from, to);
  await sayingUntil(moving, 'members: ', async () => {
    await meanwhile?.();
    moving.kill('SIGKILL');
  });
  await moving.exited;
  expect(moving.signalCode).toBe('SIGKILL');
}

function beginMove(from: string, to: string) {
  return Bun.spawn([process.execPath, CLI, 'migrate-store', '--from', from, '--to', to], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** All that it says; once it has said this, something happens. */
async function sayingUntil(
  { stderr }: ReturnType<typeof beginMove>,
  words: string,
  act: () => Promise<void>,
): Promise<string> {
  let said = '';
  let hasActed = false;
  for await (const chunk of stderr) {
    said += new TextDecoder().decode(chunk);
    if (hasActed || !said.includes(words)) continue;
    hasActed = true;
    await act();
  }
  return said;
}

test('no table is left behind', () => {
  const db = new Database(join(old, 'pokers.db'), { readonly: true });
  const names = db
    .query<{ name: string }, []>(
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'",
    )
    .all()
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('kysely_') && name !== 'search_changes');
  db.close();
  expect(names.sort()).toEqual([...MOVED_TABLES].sort());
});
