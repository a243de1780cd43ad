/** The client of Pokers: sockets, reconnects and sync, with no framework in it. */

export type { ChatMessage } from './chat-message.ts';
export { type ClientEvents, type ClientOptions, type ConnectionState, PokersClient } from './client.ts';
export { PokersError } from './errors.ts';
export { HttpApi } from './http-api.ts';
export { ThreadChannel, type ThreadEvents } from './thread-channel.ts';
