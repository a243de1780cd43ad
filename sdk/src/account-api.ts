import type {
  AccountView,
  AskedResetView,
  NewTokenView,
  OpenSessionView,
  RecoveryView,
  Scope,
  SecondFactorView,
  SignInOptionsView,
  TokenView,
} from '@pokers/protocol/accounts';
import type { HttpApi } from './http-api.ts';

/** One's own account over the HTTP door; apart from `HttpApi`, since most pages do without it. */
export class AccountApi {
  readonly #http: HttpApi;

  constructor(http: HttpApi) {
    this.#http = http;
  }

  /** For who is not signed in. */
  signInOptions(): Promise<SignInOptionsView> {
    return this.#http.ask('GET', '/api/sign-in-options');
  }

  /** The answer does not tell whether there is such an account. */
  askReset(email: string): Promise<AskedResetView> {
    return this.#http.ask('POST', '/api/password-reset', { email });
  }

  /** @param token of a reset link: what follows the last slash */
  async reset(token: string, password: string): Promise<void> {
    await this.#http.ask('POST', '/api/password-reset/confirm', { token, password });
  }

  /** An e-mail takes one's `password`, where one has one. */
  change(fields: { name?: string; email?: string; password?: string }): Promise<AccountView> {
    return this.#http.ask('PATCH', '/api/me', fields);
  }

  /** Ends all other sessions. @param current where one has a password */
  async changePassword(password: string, current?: string): Promise<void> {
    await this.#http.ask('POST', '/api/me/password', { password, current });
  }

  async sessions(): Promise<OpenSessionView[]> {
    return (await this.#http.ask<{ sessions: OpenSessionView[] }>('GET', '/api/me/sessions')).sessions;
  }

  async endSession(id: number): Promise<void> {
    await this.#http.ask('DELETE', `/api/me/sessions/${id}`);
  }

  async endOtherSessions(): Promise<void> {
    await this.#http.ask('DELETE', '/api/me/sessions');
  }

  /** Not in force until `confirmSecondFactor`. */
  beginSecondFactor(password?: string): Promise<SecondFactorView> {
    return this.#http.ask('POST', '/api/me/totp', { password });
  }

  async confirmSecondFactor(code: string): Promise<void> {
    await this.#http.ask('POST', '/api/me/totp/confirm', { code });
  }

  async endSecondFactor(password?: string): Promise<void> {
    await this.#http.ask('DELETE', '/api/me/totp', { password });
  }

  renewRecovery(password?: string): Promise<RecoveryView> {
    return this.#http.ask('POST', '/api/me/totp/recovery', { password });
  }

  async tokens(): Promise<TokenView[]> {
    return (await this.#http.ask<{ tokens: TokenView[] }>('GET', '/api/me/tokens')).tokens;
  }

  /** @param draft `expires` in Unix seconds */
  createToken(draft: { name: string; scopes: readonly Scope[]; expires?: number }): Promise<NewTokenView> {
    return this.#http.ask('POST', '/api/me/tokens', draft);
  }

  async revokeToken(id: number): Promise<void> {
    await this.#http.ask('DELETE', `/api/me/tokens/${id}`);
  }
}
