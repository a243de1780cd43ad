import type { PokersError } from '../../errors.ts';
import type { Refusals } from '../../limits/refusals.ts';

/** The HTTP requests that are being answered: not too many at a time, and none left behind when the server stops. */
export class InFlight {
  readonly #max: number;
  readonly #refusals: Refusals;
  readonly #onIdle: (() => void)[] = [];
  /** How many requests there are from each port of the clients' (of whatever address). */
  readonly #ports = new Map<number, number>();
  #count = 0;
  #aside = 0;

  constructor(max: number, refusals: Refusals) {
    this.#max = max;
    this.#refusals = refusals;
  }

  /** How many are being answered, without those set aside. */
  get count(): number {
    return this.#count - this.#aside;
  }

  /** Whether a request from this port, of some address, is being answered. */
  hasPort(port: number): boolean {
    return this.#ports.has(port);
  }

  /**
   * Beyond the most the answer is `busy`. A request that waits calls `setAside`: from then on to its end it does not count,
   * also when hundreds that waited are answered in one moment, so that it takes no place from others.
   * @param port the client's
   */
  async run(port: number, answer: (setAside: () => void) => Response | Promise<Response>): Promise<Response> {
    if (this.count >= this.#max) return refusal(this.#refusals.busy('requests'));
    let isAside = false;
    this.#begin(port);
    try {
      return await answer(() => {
        if (!isAside) this.#aside++;
        isAside = true;
      });
    } finally {
      if (isAside) this.#aside--;
      this.#end(port);
    }
  }

  /** Resolves when nothing is being answered. */
  idle(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #begin(port: number): void {
    this.#count++;
    this.#ports.set(port, (this.#ports.get(port) ?? 0) + 1);
  }

  #end(port: number): void {
    const others = (this.#ports.get(port) ?? 1) - 1;
    if (others > 0) this.#ports.set(port, others);
    else this.#ports.delete(port);
    if (--this.#count === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}

function refusal(error: PokersError): Response {
  return Response.json(error.toJSON(), { status: error.http, headers: error.headers });
}
