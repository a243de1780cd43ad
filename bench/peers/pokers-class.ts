import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { foundClass, openThread, type Person, signUp } from '../../test/actors/people.ts';
import { CLI } from '../../test/actors/server-process.ts';
import type { Place } from './peer.ts';

/** People with accounts in a class with threads. */
export interface PokersClass {
  readonly classId: number;
  /** Their ids. */
  readonly threads: readonly number[];
  readonly people: readonly Pick<Person, 'id' | 'name' | 'token'>[];
}

/** Fewer than there are connections: each person is there several times, as if with several devices. */
const PEOPLE = 8;

/**
 * A data folder with the class in it, made by a server of its own the first time, so that hashing passwords leaves no
 * trace in the memory of those that are measured.
 */
export async function foundedClass({
  scratch,
  threads = 1,
  launch,
}: Place): Promise<{ folder: string; classroom: PokersClass }> {
  const folder = join(scratch, `pokers-founded-${threads}`);
  const note = `${folder}.json`;
  if (existsSync(note)) return { folder, classroom: JSON.parse(readFileSync(note, 'utf8')) as PokersClass };

  const command = [process.execPath, CLI, 'serve', '--port', '0', '--data', folder];
  const server = await launch(command, /running at http:\/\/[^:\s]+:(\d+)/);
  const url = `http://127.0.0.1:${server.ready[1]}`;
  const head = await signUp(url, 'Ms Lin');
  const members: Person[] = [];
  for (let number = 1; number < PEOPLE; number++) members.push(await signUp(url, `Student ${number}`));
  const founded = await foundClass(url, head, members);
  const opened = [founded.thread.id];
  while (opened.length < threads) opened.push((await openThread(url, head, founded.classroom.id)).id);
  await server.stop();

  const people = [head, ...members].map(({ id, name, token }) => ({ id, name, token }));
  const classroom: PokersClass = { classId: founded.classroom.id, threads: opened, people };
  writeFileSync(note, JSON.stringify(classroom));
  return { folder, classroom };
}
