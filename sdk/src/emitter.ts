/** What listeners of an event are given: a tuple of arguments for each event. */
type Arguments<Events, K extends keyof Events> = Events[K] extends (...args: infer A) => void ? A : never;

/** Typed events. A listener that throws is reported on the console and disturbs neither the others nor the caller. */
export class Emitter<Events extends { [K in keyof Events]: (...args: never[]) => void }> {
  readonly #listeners = new Map<keyof Events, Set<(...args: never[]) => void>>();

  /** Returns the function that unsubscribes. */
  on<K extends keyof Events>(event: K, listener: Events[K]): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    // Wrapped, so that a function that subscribed twice is called twice and unsubscribed one by one.
    const own = (...args: never[]) => listener(...args);
    listeners.add(own);
    return () => listeners.delete(own);
  }

  emit<K extends keyof Events>(event: K, ...args: Arguments<Events, K>): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        (listener as unknown as (...args: Arguments<Events, K>) => void)(...args);
      } catch (error) {
        console.error(`Pokers: a listener of "${String(event)}" failed.`, error);
      }
    }
  }
}
