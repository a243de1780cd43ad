import { fileURLToPath } from 'node:url';
import type { Subprocess } from 'bun';
import type { Order, Report } from './orders.ts';

const PROGRAM = fileURLToPath(new URL('./crowd-process.ts', import.meta.url));

/** Processes full of clients, as the one who tells them what to do sees them. */
export class Crowd {
  readonly #members: Member[];

  constructor(processes: number) {
    this.#members = Array.from({ length: processes }, () => new Member());
  }

  get size(): number {
    return this.#members.length;
  }

  /** All do it at the same time. @throws Error when one of them fails */
  async all(order: Order): Promise<Report[]> {
    return Promise.all(this.#members.map((member) => member.ask(order)));
  }

  end(): void {
    for (const member of this.#members) member.end();
  }
}

class Member {
  readonly #process: Subprocess;
  #answer = Promise.withResolvers<Report>();

  constructor() {
    this.#process = Bun.spawn([process.execPath, PROGRAM], {
      stdio: ['ignore', 'inherit', 'inherit'],
      serialization: 'json',
      ipc: (report: Report) => this.#answer.resolve(report),
      onExit: (_child, code, signal) => this.#answer.reject(new Error(`a crowd ended: ${code ?? signal}`)),
    });
    this.#answer.promise.catch(() => undefined);
  }

  ask(order: Order): Promise<Report> {
    this.#answer = Promise.withResolvers<Report>();
    this.#process.send(order);
    return this.#answer.promise;
  }

  end(): void {
    this.#answer.promise.catch(() => undefined);
    this.#process.kill('SIGKILL');
  }
}
