/** A process on the process bus, driven by the test over the same channel: it publishes what it is told to, and reports. */
import type { BusEvent } from '@pokers/server/bus/bus';
import { ProcessBus } from '@pokers/server/bus/process-bus';

export type ToParticipant = { readonly test: 'publish'; readonly events: BusEvent[] };
export type FromParticipant =
  | { readonly test: 'ready' }
  | { readonly test: 'heard'; readonly events: (BusEvent | 'gap')[] };

const tell = (message: unknown): void => {
  process.send?.(message);
};
const report = (event: BusEvent | 'gap'): void =>
  tell({ test: 'heard', events: [event] } satisfies FromParticipant);

const bus = new ProcessBus({ send: tell, onMessage: (listener) => process.on('message', listener) }, () =>
  process.exit(1),
);
bus.listen({ onEvent: report, onGap: () => report('gap') });
process.on('message', (message: ToParticipant) => {
  if (message.test === 'publish') for (const event of message.events) bus.publish(event);
});
process.on('disconnect', () => process.exit(0));
tell({ test: 'ready' } satisfies FromParticipant);
