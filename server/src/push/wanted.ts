import type { Message } from '@pokers/protocol/message';
import type { NotifyLevel } from '@pokers/protocol/notifications';
import { concerns } from '@pokers/protocol/notify-rules';

/** A message, and who said the one that it answers. */
export interface Told {
  readonly message: Message;
  readonly answers: number | undefined;
}

/** The last of some messages that someone is told of and has not read; undefined: of none. */
export function lastWanted(
  told: readonly Told[],
  reader: { id: number; read: number; level: NotifyLevel },
): Message | undefined {
  const { id, read, level } = reader;
  return told.findLast(
    ({ message, answers }) => message.number > read && concerns(message, answers, id, level),
  )?.message;
}
