import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { foundClass, type Person, signUp } from '../../test/actors/people.ts';
import { CLI } from '../../test/actors/server-process.ts';
import type { Children, ServerChild } from '../children.ts';

/** People with accounts in the class. Where there are more members, some are there twice, as if with two devices. */
const PEOPLE = 100;

const STARTED = /running at http:\/\/[^:\s]+:(\d+)[\s\S]*\n\n/;

export type BoxPerson = Pick<Person, 'id' | 'name' | 'token'>;

/** A class with one thread, in a data folder that every measurement starts with a copy of. */
export interface Classroom {
  readonly folder: string;
  readonly classId: number;
  readonly thread: number;
  readonly people: readonly BoxPerson[];
}

/** A server, and all that a client needs to take part. */
export interface BoxServer extends Classroom {
  readonly host: string;
  readonly port: number;
  readonly child: ServerChild;
}

export function personOf({ people }: Classroom, index: number): BoxPerson {
  const person = people[index % people.length];
  if (!person) throw new RangeError('there is nobody');
  return person;
}

/** Makes the class by a server outside of the box. */
export async function foundClassroom(children: Children, scratch: string): Promise<Classroom> {
  const folder = join(scratch, 'founded');
  const server = await children.launch([...serve(folder, '127.0.0.1')], [], STARTED);
  const url = `http://127.0.0.1:${server.ready[1]}`;
  const head = await signUp(url, 'Ms Lin');
  const names = Array.from({ length: PEOPLE - 1 }, (_, index) => `Student ${index + 1}`);
  const members = await Promise.all(names.map((name) => signUp(url, name)));
  const { classroom, thread } = await foundClass(url, head, members);
  await server.stop();
  const people = [head, ...members].map(({ id, name, token }) => ({ id, name, token }));
  return { folder, classId: classroom.id, thread: thread.id, people };
}

/**
 * A fresh server on a copy of the class.
 * @param confine puts a command into the box
 * @param options more of the command line
 */
export async function startServer(
  children: Children,
  classroom: Classroom,
  host: string,
  confine: (command: readonly string[]) => string[],
  options: readonly string[],
): Promise<BoxServer> {
  const data = `${classroom.folder}-${crypto.randomUUID()}`;
  cpSync(classroom.folder, data, { recursive: true });
  const command = [...serve(data, host), '--classic', 'open', ...options];
  const child = await children.launch(confine(command), [], STARTED);
  return { ...classroom, host, port: Number(child.ready[1]), child };
}

/** Whether `pokers serve` knows an option. */
export function serverKnows(option: string): boolean {
  return Bun.spawnSync([process.execPath, CLI, 'serve', '--help']).stdout.toString().includes(option);
}

/** Everyone is behind one address here, and people are there more than once. */
function serve(data: string, host: string): string[] {
  return [
    'env',
    'POKERS_LIMITS=off',
    process.execPath,
    CLI,
    'serve',
    '--port',
    '0',
    '--host',
    host,
    '--data',
    data,
  ];
}
