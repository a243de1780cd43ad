import type { Message } from '@pokers/protocol/message';
import type { Chat } from './chat.ts';

/** Shows a stored message to the classic connections in its thread. Others had it when it was stored. */
export function announceMessage({ bus }: Chat, message: Message): void {
  bus.publish({ kind: 'announced', message });
}
