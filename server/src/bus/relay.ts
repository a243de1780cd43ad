import { type BusMessage, IN_FLIGHT_MAX } from './process-messages.ts';

/** A worker as the relay sees it. */
export interface RelayPeer {
  /** Must not throw: what is sent to a worker that has just died goes nowhere. */
  send(message: BusMessage): void;
  /** It takes its events too slowly: end it. It is replaced, and its clients resume. */
  overrun(): void;
}

/** The supervisor's half of the process bus: what one worker publishes goes to all, the sender included. */
export class Relay {
  readonly #inFlight = new Map<RelayPeer, number>();

  add(peer: RelayPeer): void {
    this.#inFlight.set(peer, 0);
  }

  /** The peer is gone. What it had stored but not yet published, the others find in the store. */
  remove(peer: RelayPeer): void {
    if (!this.#inFlight.delete(peer)) return;
    for (const other of this.#inFlight.keys()) other.send({ bus: 'gap' });
  }

  receive(from: RelayPeer, message: BusMessage): void {
    if (message.bus === 'taken') this.#taken(from, message.count);
    if (message.bus !== 'events') return;
    const { events } = message;
    for (const peer of [...this.#inFlight.keys()])
      this.#forward(peer, events, peer === from ? events.length : 0);
  }

  #taken(peer: RelayPeer, count: number): void {
    const inFlight = this.#inFlight.get(peer);
    if (inFlight !== undefined) this.#inFlight.set(peer, inFlight - count);
  }

  #forward(peer: RelayPeer, events: Extract<BusMessage, { bus: 'events' }>['events'], own: number): void {
    const inFlight = (this.#inFlight.get(peer) ?? 0) + events.length;
    if (inFlight > IN_FLIGHT_MAX) {
      this.remove(peer);
      return peer.overrun();
    }
    this.#inFlight.set(peer, inFlight);
    peer.send({ bus: 'events', events, own });
  }
}
