import type { Message } from '@pokers/protocol/message';
import type { Bus } from '../bus/bus.ts';
import type { Store } from '../store/store.ts';

/** What the commands work with. Each stands in a file of its own, and every door calls the same ones. */
export interface Chat {
  readonly store: Store;
  readonly bus: Bus;
  /** Now, in Unix seconds. */
  readonly now: () => number;
  /** Told of each message that was stored here, once. */
  readonly onPosted?: (message: Message) => void;
}

/** What a command that changes no message leaves to be told: who is in the class looks again. */
export function tellClass({ bus }: Chat, classroom: number, user?: number): void {
  bus.publish({ kind: 'class-changed', class: classroom, ...(user !== undefined && { user }) });
}
