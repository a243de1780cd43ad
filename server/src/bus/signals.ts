import type { z } from 'zod';
import type { Bus, Signal } from './bus.ts';

/** Signals by name: what is sent under one, and who hears it here. */
export class Signals {
  readonly #bus: Pick<Bus, 'publish'>;
  readonly #hearers = new Map<string, (signal: Signal) => void>();

  constructor(bus: Pick<Bus, 'publish'>) {
    this.#bus = bus;
  }

  /** To everyone, or to those who follow the thread: this process too. It may be lost. */
  send(name: string, body: unknown, thread?: number): void {
    this.#bus.publish({ kind: 'signal', name, body, ...(thread !== undefined && { thread }) });
  }

  /** One hearer for each name. What is not of the schema is said by another version, and passes. */
  on<T>(name: string, schema: z.ZodType<T>, hear: (body: T, thread: number | undefined) => void): void {
    this.#hearers.set(name, ({ body, thread }) => {
      const { success, data } = schema.safeParse(body);
      if (success) hear(data, thread);
    });
  }

  /** To be called with every signal that the bus brings. */
  receive(signal: Signal): void {
    this.#hearers.get(signal.name)?.(signal);
  }
}
