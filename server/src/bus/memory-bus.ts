import type { Bus, BusEvent, BusListener } from './bus.ts';

/** The bus of a server that is one process: a call. Nothing waits, so nothing can be lost. */
export class MemoryBus implements Bus {
  #listener: BusListener | undefined;

  publish(event: BusEvent): void {
    this.#listener?.onEvent(event);
  }

  listen(listener: BusListener): void {
    this.#listener = listener;
  }

  /** One process hears all that it says. */
  follow(): void {}

  unfollow(): void {}

  async close(): Promise<void> {
    this.#listener = undefined;
  }
}
