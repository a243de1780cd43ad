import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Bus } from '@pokers/server/bus/bus';
import { Signals } from '@pokers/server/bus/signals';
import { Nodes } from '@pokers/server/presence/nodes';
import { Presence } from '@pokers/server/presence/presence';

/** Some nodes on one bus. */
export interface BusesUnderTest {
  readonly buses: readonly Bus[];
  /** The node falls silent, as one that was killed. */
  silence?(index: number): Promise<void>;
  end(): Promise<void>;
}

const BEAT_MS = 40;
const LOST_BEATS = 4;
const [MING, LENA, OMAR] = [1, 2, 3];

class Site {
  readonly changes: string[] = [];
  readonly nodes: Nodes;
  readonly presence: Presence;

  constructor(bus: Bus) {
    const signals = new Signals(bus);
    bus.listen({
      onEvent: (event) => {
        if (event.kind === 'signal') signals.receive(event);
      },
      onGap: () => undefined,
    });
    this.nodes = new Nodes(signals, { beatMs: BEAT_MS, lostBeats: LOST_BEATS });
    this.presence = new Presence(signals, this.nodes, (user, isHere) =>
      this.changes.push(`${user} ${isHere ? 'here' : 'away'}`),
    );
  }

  sees(...users: number[]): boolean {
    return this.presence.size === users.length && users.every((user) => this.presence.isHere(user));
  }

  stop(): void {
    this.presence.stop();
    this.nodes.stop();
  }
}

/** What presence promises, whatever bus carries it. */
export function presenceContract(kind: string, start: () => Promise<BusesUnderTest>): void {
  describe(`presence over the bus ${kind}`, () => {
    let under: BusesUnderTest;
    let sites: Site[];

    beforeEach(async () => {
      under = await start();
      sites = under.buses.map((bus) => new Site(bus));
    });
    afterEach(async () => {
      for (const site of sites) site.stop();
      await under.end();
    });

    const everySiteSees = (...users: number[]) =>
      eventually(() => sites.every((site) => site.sees(...users)));

    test('Ming is here on every node while one of her connections is open, wherever it is', async () => {
      const [first, last] = [sites[0], sites.at(-1)];
      first?.presence.came(MING);
      await everySiteSees(MING);
      last?.presence.came(MING);
      last?.presence.came(LENA);
      await everySiteSees(MING, LENA);
      first?.presence.left(MING);
      last?.presence.left(LENA);
      await everySiteSees(MING);
      last?.presence.left(MING);
      await everySiteSees();
      for (const { changes } of sites) {
        expect(changes.filter((change) => change.startsWith('1'))).toEqual(['1 here', '1 away']);
        expect(changes.filter((change) => change.startsWith('2'))).toEqual(['2 here', '2 away']);
      }
    });

    test('a node that starts later learns who is here', async () => {
      sites[0]?.presence.came(MING);
      await everySiteSees(MING);
      const bus = under.buses.at(-1);
      if (under.buses.length === 1 || !bus) return;
      sites.at(-1)?.stop();
      sites[sites.length - 1] = new Site(bus);
      await everySiteSees(MING);
    });

    test('Omar loads his page anew: whoever looks from elsewhere has not seen him away', async () => {
      sites[0]?.presence.came(OMAR);
      await everySiteSees(OMAR);
      sites[0]?.presence.left(OMAR);
      sites[0]?.presence.came(OMAR);
      sites[0]?.presence.came(MING);
      await everySiteSees(OMAR, MING);
      for (const { changes } of sites.slice(1))
        expect(changes.filter((change) => change.startsWith('3'))).toEqual(['3 here']);
    });

    test('the people of a node that leaves, or is killed, are away soon', async () => {
      for (const [index, { presence }] of sites.entries()) presence.came(index + 1);
      await everySiteSees(...sites.map((_, index) => index + 1));
      for (let index = sites.length - 1; index > 0; index--) {
        const [gone] = sites.splice(index, 1);
        if (under.silence) await under.silence(index);
        else gone?.stop();
        await everySiteSees(...sites.map((_, place) => place + 1));
        gone?.stop();
      }
    });
  });
}

async function eventually(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 8_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it did not come to pass in 8 s');
    await Bun.sleep(5);
  }
}
