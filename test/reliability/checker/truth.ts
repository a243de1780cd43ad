import type { Change } from '@pokers/protocol/message';
import type { Reply } from '@pokers/protocol/v2';
import type { Person } from '../../actors/people.ts';
import { Wire } from '../wire.ts';
import { Violation } from './violation.ts';

/** A thread as the server has it, read from the beginning. */
export interface Truth {
  readonly seq: number;
  readonly messages: ReadonlyMap<number, Change>;
}

/** Threads as the server has them now. @throws Violation where it does not answer */
export async function readTruth(
  url: string,
  person: Person,
  threads: readonly number[],
): Promise<Map<number, Truth>> {
  const wire = await Wire.open(url, person);
  if (!wire) throw new Violation('the server takes no connection');
  const truth = new Map<number, Truth>();
  for (const thread of threads) {
    const messages = new Map<number, Change>();
    let seq = 0;
    for (let more = true; more; ) {
      const page = (await wire.ask({ action: 'resume', thread, after: seq })) as Reply<'resume'> | undefined;
      if (!page) throw new Violation('the server does not answer');
      for (const change of page.changes) messages.set(change[1], change);
      ({ more, seq } = page);
    }
    truth.set(thread, { seq, messages });
  }
  wire.terminate();
  return truth;
}
