import slotOf from 'cluster-key-slot';
import type { Redis } from 'ioredis';
import { nameOf } from './address.ts';

/** Which server of a cluster has which part of the channels. */
export class Slots {
  /** Of every server that has some, its address; and what it has, from the first to the last, both included. */
  readonly #ranges: readonly (readonly [first: number, last: number, server: string])[];

  constructor(ranges: readonly (readonly [first: number, last: number, server: string])[]) {
    this.#ranges = ranges;
  }

  get servers(): Set<string> {
    return new Set(this.#ranges.map(([, , server]) => server));
  }

  /** Undefined while no server has it. */
  serverOf(channel: string): string | undefined {
    const slot = slotOf(channel);
    return this.#ranges.find(([first, last]) => first <= slot && slot <= last)?.[2];
  }
}

/**
 * How the channels are shared out, where the server is one of a cluster that shares them out (Redis 7). Elsewhere
 * undefined: an older cluster carries what is published on any server to all of them.
 */
export async function readSlots(redis: Redis): Promise<Slots | undefined> {
  const [known] = (await redis.command('INFO', 'spublish')) as unknown[];
  if (!known) return undefined;
  const rows = await redis.cluster('SLOTS').catch((error: Error) => {
    if (/cluster support disabled/i.test(error.message)) return undefined;
    throw error;
  });
  if (!rows) return undefined;
  // Where a server does not know how it is called, it is the one that was asked.
  const asked = redis.options.host ?? '';
  return new Slots(
    rows.flatMap(([first, last, owner]) =>
      owner ? [[first, last, nameOf(owner[0] || asked, owner[1])] as const] : [],
    ),
  );
}
