import type { ChatMessage, OutboxEntry } from '@pokers/sdk';

/** What the reader did to a message that is there already. */
export type ChangeEntry = Exclude<OutboxEntry, { action: 'post' }>;

/** A change, and once the server answered, the seq that its message has with it. */
export interface Change {
  readonly entry: ChangeEntry;
  readonly seq?: number;
}

export function isChange(entry: OutboxEntry): entry is ChangeEntry {
  return entry.action !== 'post';
}

/** The message as it will be with these changes to it. `me` made them. Those that it has already change nothing. */
export function withChanges(message: ChatMessage, changes: readonly Change[], me: number): ChatMessage {
  return changes.reduce(
    (changed, { entry, seq }) =>
      entry.message !== message.id || (seq !== undefined && message.seq >= seq)
        ? changed
        : withChange(changed, entry, me),
    message,
  );
}

function withChange(message: ChatMessage, entry: ChangeEntry, me: number): ChatMessage {
  const seconds = Math.floor(entry.at / 1000);
  const { pinned: _, ...unpinned } = message;
  switch (entry.action) {
    case 'edit':
      return { ...message, content: entry.content, edited: seconds };
    case 'delete':
      return { ...unpinned, content: '', deleted: true, reactions: [] };
    case 'pin':
      return entry.on ? { ...message, pinned: message.pinned ?? seconds } : unpinned;
    case 'react':
      return { ...message, reactions: withReaction(message.reactions, entry, me) };
  }
}

/** Whether it is there already is known of those that the server names; of the others it is the server's to say. */
function withReaction(
  reactions: ChatMessage['reactions'],
  { emoji, on }: Extract<ChangeEntry, { action: 'react' }>,
  me: number,
): ChatMessage['reactions'] {
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  if (known?.users.includes(me) === on || (!known && !on)) return reactions;
  if (!known) return [...reactions, { emoji, count: 1, users: [me] }];
  const users = on ? [...known.users, me] : known.users.filter((user) => user !== me);
  const changed = { emoji, count: known.count + (on ? 1 : -1), users };
  return reactions.flatMap((reaction) =>
    reaction !== known ? [reaction] : changed.count > 0 ? [changed] : [],
  );
}
