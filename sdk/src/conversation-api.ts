import type {
  MessagesView,
  MessageView,
  ReactorsView,
  ReadersView,
  StarsView,
  UnreadView,
} from '@pokers/protocol/http';
import type { ChatMessage } from './chat-message.ts';
import type { HttpApi } from './http-api.ts';

/** Where a page of a thread is: message ids, or a time in Unix seconds. Without any: the newest. */
export type Place =
  | { readonly before?: number }
  | { readonly from: number }
  | { readonly around: number }
  | { readonly date: number };

/** A page of a thread, apart from the channel that follows it. */
export interface HistoryPage {
  /** Oldest first. */
  readonly messages: readonly ChatMessage[];
  /** Whether there are older ones, and newer ones. */
  readonly older: boolean;
  readonly newer: boolean;
  /** The thread's seq when it was read. */
  readonly seq: number;
}

/** @param limit 1 to 200, 50 without it. Throws message_not_found where `around` is not in the thread. */
export async function readPage(
  http: HttpApi,
  thread: number,
  place: Place = {},
  limit?: number,
): Promise<HistoryPage> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...place, limit })) {
    if (value !== undefined) query.set(name, String(value));
  }
  const page = await http.ask<MessagesView>('GET', `/api/threads/${thread}/messages?${query}`);
  const { more, newer = false, seq } = page;
  return { messages: page.messages.map(fromView), older: more, newer, seq };
}

/** A message, with its class: where a link leads. */
export async function readMessage(http: HttpApi, id: number): Promise<ChatMessage & { class: number }> {
  const view = await http.ask<MessageView>('GET', `/api/messages/${id}`);
  return { ...fromView(view), class: view.class };
}

/** The pinned messages of a thread, the one pinned last first. */
export async function readPins(http: HttpApi, thread: number): Promise<ChatMessage[]> {
  const { messages } = await http.ask<{ messages: MessageView[] }>('GET', `/api/threads/${thread}/pins`);
  return messages.map(fromView);
}

/** The emoji on a message, and who put them there: up to 200 people for each, by name. */
export async function reactionsOf(http: HttpApi, message: number): Promise<ReactorsView['reactions']> {
  return (await http.ask<ReactorsView>('GET', `/api/messages/${message}/reactions`)).reactions;
}

/** Who has read a message of a read-only thread. @param after the last user of the page before */
export function readReaders(http: HttpApi, message: number, after = 0): Promise<ReadersView> {
  return http.ask('GET', `/api/messages/${message}/readers?after=${after}`);
}

/** The user's starred messages, the newest star first. @param before the last star of the page before */
export function listStars(http: HttpApi, before?: number): Promise<StarsView> {
  return http.ask('GET', `/api/stars${before === undefined ? '' : `?before=${before}`}`);
}

/** The threads of all classes in which something is unread; archived ones aside. */
export async function readUnread(http: HttpApi): Promise<UnreadView['threads']> {
  return (await http.ask<UnreadView>('GET', '/api/unread')).threads;
}

/** Stars a message for oneself, or takes the star away. */
export async function starMessage(http: HttpApi, message: number, on: boolean): Promise<void> {
  await http.ask(on ? 'PUT' : 'DELETE', `/api/messages/${message}/star`, {});
}

/** A message of the HTTP door as channels show it. */
export function fromView(view: MessageView): ChatMessage {
  const { id, seq, thread, speaker, speaker_name: name, date, content = '', edited, pinned, reply } = view;
  const { img_url: img, file_url: url, file_name, file_size } = view;
  return {
    id,
    seq,
    thread,
    speaker,
    name,
    date,
    content,
    deleted: view.deleted !== undefined,
    ...(edited !== undefined && { edited }),
    ...(img !== undefined && { img }),
    ...(url !== undefined && {
      file: {
        url,
        ...(file_name !== undefined && { name: file_name }),
        ...(file_size !== undefined && { size: file_size }),
      },
    }),
    ...(pinned !== undefined && { pinned }),
    ...(reply !== undefined && { reply }),
    mentions: view.mentions ?? [],
    reactions: view.reactions ?? [],
  };
}
