import type { Bus, BusEvent, BusListener } from './bus.ts';
import { type BusMessage, IN_FLIGHT_MAX, isBusMessage } from './process-messages.ts';

/** The line to the supervisor: in a worker, the process's own IPC channel. */
export interface SupervisorLine {
  send(message: Exclude<BusMessage, { bus: 'gap' }>): void;
  onMessage(listener: (message: unknown) => void): void;
}

/**
 * The bus between the processes of one machine: each worker tells the supervisor, which tells all workers. What is
 * published in one turn of the loop travels as one message.
 *
 * Beyond `IN_FLIGHT_MAX` events that the supervisor has not yet sent back, `onOverflow` is called: a process whose bus
 * is stuck cannot keep its promise to its clients, so it ends, is replaced, and they resume.
 */
export class ProcessBus implements Bus {
  readonly #line: SupervisorLine;
  readonly #onOverflow: () => void;
  #listener: BusListener | undefined;
  #outgoing: BusEvent[] = [];
  #inFlight = 0;

  constructor(line: SupervisorLine, onOverflow: () => void) {
    this.#line = line;
    this.#onOverflow = onOverflow;
    line.onMessage((message) => {
      if (isBusMessage(message)) this.#receive(message);
    });
  }

  publish(event: BusEvent): void {
    if (++this.#inFlight > IN_FLIGHT_MAX) return this.#onOverflow();
    this.#outgoing.push(event);
    if (this.#outgoing.length === 1) setImmediate(() => this.#flush());
  }

  listen(listener: BusListener): void {
    this.#listener = listener;
  }

  /** Every process of a machine hears everything: to tell the supervisor what is wanted would cost more. */
  follow(): void {}

  unfollow(): void {}

  async close(): Promise<void> {
    this.#flush();
    this.#listener = undefined;
  }

  #flush(): void {
    if (this.#outgoing.length === 0) return;
    this.#line.send({ bus: 'events', events: this.#outgoing.splice(0) });
  }

  #receive(message: BusMessage): void {
    if (message.bus === 'gap') return this.#listener?.onGap();
    if (message.bus !== 'events') return;
    this.#inFlight -= message.own ?? 0;
    for (const event of message.events) this.#listener?.onEvent(event);
    this.#line.send({ bus: 'taken', count: message.events.length });
  }
}
