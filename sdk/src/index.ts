/** The client of Pokers: sockets, reconnects and sync, with no framework in it. */

export type { ChatMessage, MessageReaction } from './chat-message.ts';
export {
  type ClientEvents,
  type ClientOptions,
  type ConnectionState,
  PokersClient,
  type ThreadNews,
} from './client.ts';
export { PokersError } from './errors.ts';
export { HttpApi, type SearchFilters } from './http-api.ts';
export type { OutboxEntry } from './outbox/entry.ts';
export { IndexedDbOutboxStore } from './outbox/indexed-db-store.ts';
export { MemoryOutboxStore } from './outbox/memory-store.ts';
export type { Outbox, OutboxEvents } from './outbox/outbox.ts';
export type { OutboxStore } from './outbox/store.ts';
export type { Place } from './subscription.ts';
export {
  type Changed,
  type PostExtra,
  type Posted,
  ThreadChannel,
  type ThreadEvents,
} from './thread-channel.ts';
