import type { ClassView } from '@pokers/protocol/classes';
import { foundClass, openThread, type Person, signUp } from '../../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../actors/server-process.ts';
import { Wire } from '../wire.ts';
import { CLIENTS } from './steps.ts';

/** A server for many plays, each in a thread of its own. */
export class Theatre {
  private constructor(
    readonly server: ServerProcess,
    readonly people: readonly Person[],
    /** Someone with a good network. */
    readonly narrator: Person,
    readonly wire: Wire,
    private readonly classroom: ClassView,
    private readonly removeFolder: () => void,
  ) {}

  static async open(workers: number): Promise<Theatre> {
    const folder = temporaryFolder('sync-model');
    const server = await startServerProcess(folder.path, '--workers', String(workers));
    const people = await Promise.all(
      Array.from({ length: CLIENTS + 1 }, (_, index) => signUp(server.url, `P${index}`)),
    );
    const [head, ...others] = people as [Person, ...Person[]];
    const { classroom } = await foundClass(server.url, head, others);
    const narrator = people.at(-1) as Person;
    const wire = await Wire.open(server.socketUrl, narrator);
    if (!wire) throw new Error('the server takes no connection');
    return new Theatre(server, people.slice(0, CLIENTS), narrator, wire, classroom, folder.remove);
  }

  async thread(): Promise<number> {
    const [head] = this.people as [Person, ...Person[]];
    return (await openThread(this.server.url, head, this.classroom.id)).id;
  }

  async close(): Promise<void> {
    this.wire.terminate();
    await this.server.stop('SIGKILL');
    this.removeFolder();
  }
}
