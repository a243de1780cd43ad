import type { AccountView } from '@pokers/protocol/accounts';
import type { ClassView, MemberView, RequestedView, ThreadView } from '@pokers/protocol/classes';
import type { ErrorView, MessagesView, MessageView, SessionView } from '@pokers/protocol/http';
import type { Has, NamesView, SearchView } from '@pokers/protocol/search';
import { DEFAULTS } from './defaults.ts';
import { PokersError } from './errors.ts';

/** Where the server is, and who asks. */
export interface HttpOptions {
  readonly url: string;
  readonly token?: string;
  readonly fetch?: (input: string, init?: RequestInit) => Promise<Response>;
}

/** What a new message is made of. Sent again with the same nonce, it is stored once. */
export interface NewMessage {
  readonly content: string;
  /** The id of a file that was uploaded whole; one that is no picture goes without words. */
  readonly file?: number;
  readonly nonce?: string;
  /** Whether classic connections get it at once; without it, when a classic client announces its id. */
  readonly announce?: boolean;
}

/** Which messages: older than an id, or changed after a seq; the newest 50 where nothing is said. */
export interface MessagesQuery {
  readonly before?: number;
  readonly after?: number;
  readonly limit?: number;
}

/** What narrows a search. Ids; times in Unix seconds, `since` included and `until` not. */
export interface SearchFilters {
  readonly class?: number | undefined;
  readonly thread?: number | undefined;
  readonly from?: number | undefined;
  readonly has?: Has | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** `next` of the page before. */
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What `fetch` takes, with headers that the token can be put to. */
export type HttpRequest = RequestInit & { readonly headers?: Record<string, string> };

/** The HTTP door. Every failure is a PokersError: the server's own, or `network` where no sound answer came. */
export class HttpApi {
  readonly #options: HttpOptions;
  #token: string | undefined;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#token = options.token;
  }

  /** The bearer token in use. Programs get one by signing in here; in browsers the cookie does its work. */
  get token(): string | undefined {
    return this.#token;
  }

  /** @param account with the token of an `invitation` where the server asks for one */
  async signUp(account: {
    name: string;
    email: string;
    password: string;
    invitation?: string;
  }): Promise<SessionView> {
    return this.#adopt(await this.ask<SessionView>('POST', '/api/sign-up', account));
  }

  /** @param credentials `email` or name; with a `code` where `second_factor_required` was answered */
  async signIn(credentials: { email: string; password: string; code?: string }): Promise<SessionView> {
    return this.#adopt(await this.ask<SessionView>('POST', '/api/sign-in', credentials));
  }

  async signOut(): Promise<void> {
    await this.ask<unknown>('POST', '/api/sign-out', {});
    this.#token = undefined;
  }

  me(): Promise<AccountView> {
    return this.ask('GET', '/api/me');
  }

  /** The classes that the user is in. */
  async classes(): Promise<ClassView[]> {
    return (await this.ask<{ classes: ClassView[] }>('GET', '/api/classes')).classes;
  }

  createClass(fields: { name: string; description?: string }): Promise<ClassView> {
    return this.ask('POST', '/api/classes', fields);
  }

  /** Where a teacher has to let one in, the answer says that they were asked, and one is not in yet. */
  joinClass(code: string): Promise<ClassView | RequestedView> {
    return this.ask('POST', '/api/classes/join', { code });
  }

  async members(classId: number): Promise<MemberView[]> {
    return (await this.ask<{ members: MemberView[] }>('GET', `/api/classes/${classId}/members`)).members;
  }

  async threads(classId: number): Promise<ThreadView[]> {
    return (await this.ask<{ threads: ThreadView[] }>('GET', `/api/classes/${classId}/threads`)).threads;
  }

  createThread(classId: number, fields: { name: string }): Promise<ThreadView> {
    return this.ask('POST', `/api/classes/${classId}/threads`, fields);
  }

  messages(threadId: number, query: MessagesQuery = {}): Promise<MessagesView> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
    return this.ask('GET', `/api/threads/${threadId}/messages${search && `?${search}`}`);
  }

  postMessage(threadId: number, message: NewMessage): Promise<MessageView> {
    return this.ask('POST', `/api/threads/${threadId}/messages`, message);
  }

  /** Gives a message of one's own another text. */
  editMessage(messageId: number, edit: { content: string; nonce?: string }): Promise<MessageView> {
    return this.ask('PATCH', `/api/messages/${messageId}`, edit);
  }

  /** One's own, or as a teacher anyone's. */
  deleteMessage(messageId: number): Promise<MessageView> {
    return this.ask('DELETE', `/api/messages/${messageId}`);
  }

  /** Puts an emoji on a message, or takes one's own off. */
  react(messageId: number, reaction: { emoji: string; on: boolean; nonce?: string }): Promise<MessageView> {
    return this.ask('POST', `/api/messages/${messageId}/reactions`, reaction);
  }

  /** For teachers. */
  pinMessage(messageId: number, pin: { on: boolean; nonce?: string }): Promise<MessageView> {
    return this.ask('POST', `/api/messages/${messageId}/pin`, pin);
  }

  /** Everything up to this message was read; answers how many of the thread are still unread. */
  markRead(threadId: number, messageId: number): Promise<{ thread: number; unread: number }> {
    return this.ask('POST', `/api/threads/${threadId}/read`, { message: messageId });
  }

  /** Finds messages in all classes of mine, or in one class or thread, the newest first. @param signal as in `ask` */
  search(text: string, filters: SearchFilters = {}, signal?: AbortSignal): Promise<SearchView> {
    const parameters = new URLSearchParams({ q: text });
    for (const [name, value] of Object.entries(filters)) {
      if (value !== undefined) parameters.set(name, String(value));
    }
    return this.ask('GET', `/api/search?${parameters}`, undefined, signal);
  }

  /** Classes of mine, their threads and people whose names fit what someone types. @param signal as in `ask` */
  findNames(typed: string, signal?: AbortSignal): Promise<NamesView> {
    return this.ask('GET', `/api/names?${new URLSearchParams({ q: typed })}`, undefined, signal);
  }

  /** The members of a class whose names fit what someone types, written or in pinyin, the best first. */
  async findMembers(classId: number, typed: string, signal?: AbortSignal): Promise<MemberView[]> {
    const path = `/api/classes/${classId}/members?${new URLSearchParams({ q: typed })}`;
    return (await this.ask<{ members: MemberView[] }>('GET', path, undefined, signal)).members;
  }

  /**
   * Any route of the door, for what has no method here.
   * @param signal gives the request up, in place of the time that it may take otherwise: it fails with `network`
   */
  ask<T>(method: Method, path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const init: HttpRequest = { method, ...(signal && { signal }) };
    if (!body) return this.send(path, init);
    const headers = { 'content-type': 'application/json' };
    return this.send(path, { ...init, headers, body: JSON.stringify(body) });
  }

  /** `ask` with any body. */
  async send<T>(path: string, init: HttpRequest): Promise<T> {
    const response = await this.#fetch(path, init);
    const answer = await readJson(response);
    if (!response.ok) throw toError(response.status, answer);
    // The server's own tests hold its answers to the schemas that these types come from.
    return answer as T;
  }

  /** A runtime without pages keeps no cookies: from here on the token says who we are. */
  #adopt(session: SessionView): SessionView {
    if (!('document' in globalThis)) this.#token = session.token;
    return session;
  }

  async #fetch(path: string, given: HttpRequest): Promise<Response> {
    const headers: Record<string, string> = { ...given.headers };
    if (this.#token !== undefined) headers.authorization = `Bearer ${this.#token}`;
    const init = { signal: AbortSignal.timeout(DEFAULTS.httpMs), ...given, headers };
    try {
      // Not bound to a variable: browsers refuse a fetch that was taken off the window.
      const url = new URL(path, this.#options.url).href;
      return await (this.#options.fetch ? this.#options.fetch(url, init) : fetch(url, init));
    } catch (cause) {
      throw PokersError.network('The server could not be reached.', cause);
    }
  }
}

/** Undefined where the answer is empty or no JSON, as a proxy's error page. */
async function readJson(response: Response): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (cause) {
    throw PokersError.network('The answer broke off.', cause);
  }
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw PokersError.network(`The answer (HTTP ${response.status}) is no JSON.`, cause);
  }
}

function toError(status: number, answer: unknown): PokersError {
  if (!isErrorView(answer))
    return PokersError.network(`The answer (HTTP ${status}) is not from a Pokers server.`);
  return new PokersError(answer.code, answer.error, answer.msg);
}

function isErrorView(answer: unknown): answer is ErrorView {
  if (typeof answer !== 'object' || answer === null) return false;
  const { code, error, msg } = answer as Partial<Record<keyof ErrorView, unknown>>;
  return typeof code === 'number' && typeof error === 'string' && typeof msg === 'string';
}
