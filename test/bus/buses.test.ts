import { expect, test } from 'bun:test';
import { fileURLToPath } from 'node:url';
import type { ThreadEvent } from '@pokers/server/bus/bus';
import { MemoryBus } from '@pokers/server/bus/memory-bus';
import { ProcessBus } from '@pokers/server/bus/process-bus';
import { type BusMessage, IN_FLIGHT_MAX, isBusMessage } from '@pokers/server/bus/process-messages';
import { Relay, type RelayPeer } from '@pokers/server/bus/relay';
import type { Subprocess } from 'bun';
import { type BusUnderTest, busContract, eventOf, type Participant } from './bus-contract.ts';
import type { FromParticipant } from './participant.ts';

const PARTICIPANT = fileURLToPath(new URL('./participant.ts', import.meta.url));

busContract('in memory', async () => {
  const bus = new MemoryBus();
  const heard: Participant['heard'] = [];
  bus.listen({ onEvent: (event) => heard.push(event), onGap: () => heard.push('gap') });
  return {
    participants: [{ name: 'alone', heard, publish: (event) => bus.publish(event) }],
    end: () => bus.close(),
  };
});

busContract('between three processes', () => startProcesses());

interface Processes extends BusUnderTest {
  readonly children: readonly Subprocess[];
}

async function startProcesses(): Promise<Processes> {
  const relay = new Relay();
  const children: Subprocess[] = [];
  const participants: Participant[] = [];
  for (const name of ['one', 'two', 'three']) {
    const ready = Promise.withResolvers<void>();
    const heard: Participant['heard'] = [];
    const child = Bun.spawn([process.execPath, PARTICIPANT], {
      stdio: ['ignore', 'inherit', 'inherit'],
      serialization: 'json',
      ipc: (message: BusMessage | FromParticipant) => {
        if (isBusMessage(message)) return relay.receive(peer, message);
        if (message.test === 'ready') return ready.resolve();
        heard.push(...message.events);
      },
      onExit: () => relay.remove(peer),
    });
    const peer: RelayPeer = {
      send: (message) => {
        try {
          child.send(message);
        } catch {
          // It has just died.
        }
      },
      overrun: () => child.kill('SIGKILL'),
    };
    relay.add(peer);
    children.push(child);
    participants.push({ name, heard, publish: (event) => child.send({ test: 'publish', events: [event] }) });
    await ready.promise;
  }
  const end = async (): Promise<void> => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map(({ exited }) => exited));
  };
  return { participants, children, end };
}

test('when a process dies the others are told that something may be missing, and go on', async () => {
  const { participants, children, end } = await startProcesses();
  const [first, second] = participants;
  children[2]?.kill('SIGKILL');
  await eventually(() => first?.heard.includes('gap') === true && second?.heard.includes('gap') === true);
  first?.publish(eventOf('after'));
  await eventually(() => second?.heard.length === 2);
  expect(second?.heard).toEqual(['gap', eventOf('after')]);
  await end();
});

test('a process that takes no events is given up when its bound is reached; the others lose nothing', () => {
  const relay = new Relay();
  const peer = () => {
    const received: BusMessage[] = [];
    let overruns = 0;
    const self: RelayPeer = { send: (message) => received.push(message), overrun: () => overruns++ };
    relay.add(self);
    return { self, received, overruns: () => overruns };
  };
  const [busy, stuck] = [peer(), peer()];
  const events: ThreadEvent[] = Array.from({ length: 1_000 }, () => eventOf('x'));
  for (let sent = 0; sent <= IN_FLIGHT_MAX; sent += events.length) {
    relay.receive(busy.self, { bus: 'events', events });
    relay.receive(busy.self, { bus: 'taken', count: events.length });
  }
  expect(stuck.overruns()).toBe(1);
  expect(busy.overruns()).toBe(0);
  const carried = busy.received.flatMap((message) => (message.bus === 'events' ? message.events : []));
  expect(carried.length).toBe(IN_FLIGHT_MAX + events.length);
  expect(busy.received).toContainEqual({ bus: 'gap' });
});

test('a process whose own events do not come back gives itself up at the same bound', () => {
  let overflows = 0;
  const bus = new ProcessBus({ send: () => {}, onMessage: () => {} }, () => overflows++);
  for (let sent = 0; sent < IN_FLIGHT_MAX; sent++) bus.publish(eventOf('x'));
  expect(overflows).toBe(0);
  bus.publish(eventOf('one too many'));
  expect(overflows).toBe(1);
});

async function eventually(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it did not come to pass in 5 s');
    await Bun.sleep(5);
  }
}
