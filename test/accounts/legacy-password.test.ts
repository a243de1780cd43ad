import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Person, request, signUp } from '../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../actors/server-process.ts';

describe('someone who was imported with an MD5 hash', () => {
  const folder = temporaryFolder('legacy');
  let server: ServerProcess;
  let ming: Person;

  beforeAll(async () => {
    server = await startServerProcess(folder.path);
    ming = await signUp(server.url, 'Ming');
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  const onHashes = <T>(act: (db: Database) => T): T => {
    const db = new Database(join(folder.path, 'pokers.db'));
    db.run('pragma busy_timeout = 3000');
    try {
      return act(db);
    } finally {
      db.close();
    }
  };
  const hash = () =>
    onHashes(
      (db) =>
        db
          .query<{ password: string }, [number]>('select password from accounts where user_id = ?')
          .get(ming.id)?.password ?? '',
    );
  const beginAsImported = (password: string) => {
    const md5 = createHash('md5').update(password).digest('hex');
    onHashes((db) => db.run('update accounts set password = ? where user_id = ?', [`md5:${md5}`, ming.id]));
  };
  const signIn = async (password: string) =>
    (await request(server.url, '/api/sign-in', { body: { email: 'Ming', password } })).status;

  test('signs in with the old password, and has an argon2id hash from then on', async () => {
    beginAsImported('the old one');
    expect(await signIn('not it')).toBe(401);
    expect(hash()).toStartWith('md5:');
    expect(await signIn('the old one')).toBe(200);
    expect(hash()).toStartWith('$argon2id$');
    expect(await signIn('the old one')).toBe(200);
    expect(await signIn('not it')).toBe(401);
  });

  test('may sign in several times at once: all are let in, and one hash stays', async () => {
    beginAsImported('the old one');
    const statuses = await Promise.all(Array.from({ length: 8 }, () => signIn('the old one')));
    expect(statuses).toEqual(Array(8).fill(200));
    expect(hash()).toStartWith('$argon2id$');
    expect(await signIn('the old one')).toBe(200);
  });

  test('cannot be told by the time from others, nor from somebody who is not there', async () => {
    beginAsImported('the old one');
    const lily = await signUp(server.url, 'Lily');
    const times = new Map<string, number[]>();
    const people = { imported: ming.email, ordinary: lily.email, nobody: 'nobody@test.example' };
    for (let round = 0; round < 15; round++) {
      for (const [who, email] of Object.entries(people)) {
        const since = performance.now();
        await request(server.url, '/api/sign-in', { body: { email, password: `guess ${round}` } });
        times.set(who, [...(times.get(who) ?? []), performance.now() - since]);
      }
    }
    const median = (who: string) => (times.get(who) ?? []).sort((a, b) => a - b)[7] ?? 0;
    // An MD5 alone would take a hundredth of it, and no hash at all likewise.
    for (const who of ['imported', 'nobody']) {
      expect(median(who) / median('ordinary')).toBeGreaterThan(0.6);
      expect(median(who) / median('ordinary')).toBeLessThan(1.6);
    }
  });
});
