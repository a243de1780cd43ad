import type { PokersError } from '../errors.ts';

interface Waiter {
  readonly resolve: (answer: object) => void;
  readonly reject: (error: PokersError) => void;
}

/** Those of this page who wait for the answer to an entry, by its id. */
export class Answers {
  readonly #waiters = new Map<string, Waiter[]>();

  of(id: string): Promise<object> {
    return new Promise((resolve, reject) => {
      this.#waiters.set(id, [...(this.#waiters.get(id) ?? []), { resolve, reject }]);
    });
  }

  isAwaited(id: string): boolean {
    return this.#waiters.has(id);
  }

  /** The one entry stands for the other, too. */
  move(from: string, to: string): void {
    const moved = this.#take(from);
    if (moved.length > 0) this.#waiters.set(to, [...(this.#waiters.get(to) ?? []), ...moved]);
  }

  resolve(id: string, answer: object): void {
    for (const waiter of this.#take(id)) waiter.resolve(answer);
  }

  reject(id: string, error: PokersError): void {
    for (const waiter of this.#take(id)) waiter.reject(error);
  }

  rejectAll(error: PokersError): void {
    for (const id of [...this.#waiters.keys()]) this.reject(id, error);
  }

  #take(id: string): Waiter[] {
    const waiters = this.#waiters.get(id) ?? [];
    this.#waiters.delete(id);
    return waiters;
  }
}
