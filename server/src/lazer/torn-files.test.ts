import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Move, message, SCHOOL } from '../../../test/lazer/school.ts';
import { dataFile, type LazerName, writeConfig } from '../../../test/lazer/write-lazer.ts';
import { StartError } from '../errors.ts';
import { importLazer } from './import-lazer.ts';

let move: Move;
beforeEach(() => {
  move = new Move();
});
afterEach(() => move.remove());

const [, ming] = SCHOOL.users;

/** Fails with all of these words, and leaves both a used data folder and a new one as they were. */
async function failsWith(...words: string[]): Promise<void> {
  const failing = new Move();
  try {
    await failing.import();
    const before = failing.everything();
    const outcome = await importLazer({ from: move.from, into: failing.into }).catch(
      (error: unknown) => error,
    );
    expect(outcome).toBeInstanceOf(StartError);
    for (const word of [...words, 'Nothing was imported.']) expect(String(outcome)).toContain(word);
    expect(failing.everything()).toEqual(before);
  } finally {
    failing.remove();
  }
  await move.prepare();
  const empty = move.everything();
  await move.failure();
  expect(move.everything()).toEqual(empty);
}

describe('a torn file', () => {
  test.each(['classes', 'users', 'threads', 'messages', 'logs', 'marks'] as const)(
    'of %s is found wherever it is cut, and nothing is imported',
    async (name) => {
      const file = dataFile(move.from, name);
      const whole = readFileSync(file);
      await move.prepare();
      const empty = move.everything();
      const cuts = Array.from({ length: 50 }, () => Math.floor(Math.random() * whole.length));
      for (const cut of [0, 1, whole.length - 1, ...cuts]) {
        writeFileSync(file, whole);
        truncateSync(file, cut);
        expect(await move.failure(), `cut at ${cut}`).toStartWith(file);
        expect(move.everything()).toEqual(empty);
      }
      writeFileSync(file, whole);
      await move.import();
    },
    30_000,
  );

  test('is named with line and record', async () => {
    move.write(SCHOOL, { pretty: true });
    const file = dataFile(move.from, 'messages');
    const text = readFileSync(file, 'utf8');
    const cut = text.indexOf('e4 e5');
    writeFileSync(file, text.slice(0, cut));
    const line = text.slice(0, cut).split('\n').length;
    await failsWith(`${file}, line ${line}, record 3: the file ends in the middle of this record`);
  });

  test('with a hole of zeros, as a crash leaves it, is found', async () => {
    const file = dataFile(move.from, 'messages');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0, 500, 600));
    await failsWith(file, 'line 1, record 2', 'the byte 0x00');
  });

  test('with a brace lost is found', async () => {
    const file = dataFile(move.from, 'messages');
    writeFileSync(file, readFileSync(file, 'utf8').replace('},{"id":5', ',{"id":5'));
    await failsWith(file, 'line 1, record 2: this record is not valid JSON (');
  });

  test('with nothing in it, although there were rows, is found', async () => {
    writeFileSync(dataFile(move.from, 'users'), '');
    await failsWith('users.data.json: it is empty, although ids up to 3 were given');
  });

  test('whose letters are not UTF-8 is found', async () => {
    const file = dataFile(move.from, 'messages');
    const bytes = readFileSync(file);
    bytes[bytes.indexOf('明') + 1] = 0x41;
    writeFileSync(file, bytes);
    await failsWith(file, 'line 1, record 1: this record holds bytes that are not UTF-8');
  });
});

describe('a wrong file', () => {
  const wrong: [LazerName, string, object[]][] = [
    [
      'messages',
      '"date" must be an integer or null, but is "yesterday"',
      [message({ id: 3, date: 'yesterday' })],
    ],
    ['messages', '"emoji_1" must be an integer or null, but is 0.5', [message({ id: 3, emoji_1: 0.5 })]],
    ['messages', '"content" must be a text or null, but is {"a":1}', [message({ id: 3, content: { a: 1 } })]],
    ['messages', '"speaker" must be an integer or null, but is true', [message({ id: 3, speaker: true })]],
    [
      'messages',
      '"thread" must be an integer or null, but is missing',
      [message({ id: 3, thread: undefined })],
    ],
    ['users', '"id" must be a positive integer, but is missing', [{ ...ming, id: undefined }]],
    ['users', '"id" must be a positive integer, but is 0', [{ ...ming, id: 0 }]],
    [
      'users',
      '"id" must be a positive integer, but is "9007199254740993"',
      [{ ...ming, id: '9007199254740993' }],
    ],
    [
      'marks',
      '"marker" must be an integer or null, but is "3;4"',
      [{ ...SCHOOL.marks[0], id: 2, marker: '3;4' }],
    ],
  ];
  test.each(wrong)('of %s is named with its record: %s', async (name, reason, records) => {
    move.write({ [name]: [...SCHOOL[name], ...records] }, { lastId: 20 });
    await failsWith(dataFile(move.from, name), `record ${SCHOOL[name].length + 1}`, reason);
  });

  test.each(['classes', 'users', 'threads', 'messages', 'logs', 'marks'] as const)(
    'of %s with an id twice is found',
    async (name) => {
      const [first] = SCHOOL[name];
      move.write({ [name]: [...SCHOOL[name], first] });
      await failsWith(
        `${dataFile(move.from, name)}, line 1, record ${SCHOOL[name].length + 1} (id ${first.id}): the id ${first.id} is there twice`,
      );
    },
  );

  test('with values that its own config allows is taken without them', async () => {
    const config = join(move.from, 'messages.config.json');
    writeFileSync(
      config,
      readFileSync(config, 'utf8').replace('"file_size":"integer"', '"file_size":"string"'),
    );
    const records = [message({ id: 1, file_size: '12 KB' }), message({ id: 2, file_size: '12' })];
    writeFileSync(dataFile(move.from, 'messages'), JSON.stringify(records));
    const { remarks } = await move.import();
    expect(move.query('select file_size from messages')).toEqual([{ file_size: null }, { file_size: 12 }]);
    expect(remarks.filter(({ kind }) => kind === 'changed')).toMatchObject([
      { table: 'messages', count: 1, first: ['1'] },
    ]);
  });

  test.each([
    ['{"last_id":4', 'it is not valid JSON'],
    ['[]', 'it is not a JSON object'],
    ['{}', '"last_id" must be an integer from 0'],
    ['{"last_id":"many"}', '"last_id" must be an integer from 0'],
  ])('that is the config %s is named', async (text, reason) => {
    writeFileSync(join(move.from, 'threads.config.json'), text);
    await failsWith(`threads.config.json: ${reason}`);
  });

  test.each(['classes.data', 'users.config', 'threads.data', 'messages.config', 'logs.data', 'marks.config'])(
    'that is not there (%s) is named',
    async (name) => {
      rmSync(join(move.from, `${name}.json`));
      await failsWith(`${join(move.from, name)}.json: it is missing`);
    },
  );

  test('that the old server writes to meanwhile is found', async () => {
    const write = () => writeConfig(move.from, 'users', 3);
    await importLazer({ from: move.from, into: join(move.root, 'first'), onProgress: write });
    const grow = () => writeFileSync(dataFile(move.from, 'users'), `${JSON.stringify(SCHOOL.users)}\n`);
    await move.prepare();
    const empty = move.everything();
    const importing = importLazer({
      from: move.from,
      into: move.into,
      onProgress: ({ table }) => table === 'messages' && grow(),
    });
    await expect(importing).rejects.toThrow('users.data.json: it was written to during the import');
    expect(move.everything()).toEqual(empty);
  });
});

test('an import that is killed before its end has imported nothing, and can be done again', async () => {
  const script = `
    import { importLazer } from ${JSON.stringify(join(import.meta.dir, 'import-lazer.ts'))};
    const [from, into] = process.argv.slice(1);
    await importLazer({ from, into, onProgress: ({ table }) => table === 'logs' && process.kill(process.pid, 'SIGKILL') });`;
  const child = Bun.spawn([process.execPath, '-e', script, move.from, move.into], { stderr: 'inherit' });
  await child.exited;
  expect(child.signalCode).toBe('SIGKILL');
  expect(move.query('select count(*) as n from messages')).toEqual([{ n: 0 }]);
  expect(move.query('select count(*) as n from users')).toEqual([{ n: 0 }]);
  const { tables } = await move.import();
  expect(tables.messages.imported).toBe(4);
});
