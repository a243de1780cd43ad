import type { AddedUserView, ResetLinkView, ServerUserView, SettingsView } from '@pokers/protocol/accounts';
import type { AuditView, HeadlessClassView } from '@pokers/protocol/classes';
import type { HttpApi } from './http-api.ts';

/** The server's people, settings and log, for its heads. */
export class ServerApi {
  readonly #http: HttpApi;

  constructor(http: HttpApi) {
    this.#http = http;
  }

  /** A page of those whose name or e-mail contains `q`, by id. @param after the last id of the page before */
  users(q = '', after = 0): Promise<{ users: ServerUserView[]; more: boolean }> {
    return this.#http.ask('GET', `/api/server/users?${new URLSearchParams({ q, after: String(after) })}`);
  }

  addUser(user: { name: string; email: string }): Promise<AddedUserView> {
    return this.#http.ask('POST', '/api/server/users', user);
  }

  disable(user: number): Promise<ServerUserView> {
    return this.#onUser(user, 'disable');
  }

  enable(user: number): Promise<ServerUserView> {
    return this.#onUser(user, 'enable');
  }

  promote(user: number): Promise<ServerUserView> {
    return this.#onUser(user, 'promote');
  }

  demote(user: number): Promise<ServerUserView> {
    return this.#onUser(user, 'demote');
  }

  /** For who has lost both the app and the recovery codes. */
  endSecondFactor(user: number): Promise<ServerUserView> {
    return this.#onUser(user, 'end-second-factor');
  }

  /** A link by which the user sets a new password. */
  resetLink(user: number): Promise<ResetLinkView> {
    return this.#onUser(user, 'reset');
  }

  /** A page of the classes that nobody heads who could sign in, by id. */
  headlessClasses(after = 0): Promise<{ classes: HeadlessClassView[]; more: boolean }> {
    return this.#http.ask('GET', `/api/server/headless-classes?after=${after}`);
  }

  /** Makes someone the head of such a class. */
  async giveHead(classId: number, user: number): Promise<void> {
    await this.#http.ask('POST', `/api/server/headless-classes/${classId}/head`, { user });
  }

  settings(): Promise<SettingsView> {
    return this.#http.ask('GET', '/api/server/settings');
  }

  changeSettings(settings: Partial<SettingsView>): Promise<SettingsView> {
    return this.#http.ask('PATCH', '/api/server/settings', settings);
  }

  /** The newest entries, or those before an id. */
  audit(before?: number): Promise<AuditView> {
    return this.#http.ask('GET', `/api/server/audit${before === undefined ? '' : `?before=${before}`}`);
  }

  #onUser<T>(user: number, verb: string): Promise<T> {
    return this.#http.ask('POST', `/api/server/users/${user}/${verb}`);
  }
}
