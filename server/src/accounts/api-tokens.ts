import type { NewTokenView, Scope, TokenView } from '@pokers/protocol/accounts';
import { PokersError } from '../errors.ts';
import type { User } from '../store/store.ts';
import { type AccountParts, now } from './account-parts.ts';
import type { TokenEntry } from './account-store.ts';
import { entryOf } from './audit-log.ts';
import type { Caller } from './caller.ts';
import { scopesIn } from './scopes.ts';
import { newApiToken, tokenHash } from './token-text.ts';

/** Tokens by which programs do some of what their owner may. */
export class ApiTokens {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** Those that have run out too, the newest first. */
  async list(user: number): Promise<TokenView[]> {
    return (await this.#parts.store.tokensOf(user)).map(viewOf);
  }

  /** @throws limit_reached, bad_request (it would have run out already) */
  async create(
    user: User,
    draft: { name: string; scopes: readonly Scope[]; expires?: number | undefined },
    caller: Caller,
  ): Promise<NewTokenView> {
    const { store, audit } = this.#parts;
    const created = now();
    if (draft.expires !== undefined && draft.expires <= created) {
      throw new PokersError('bad_request', 'expires: must lie in the future');
    }
    const token = newApiToken();
    const scopes = [...scopesIn(draft.scopes.join(' '))].join(' ');
    const { name, expires = null } = draft;
    const row = { user: user.id, name, hash: tokenHash(token), scopes, created, expires };
    const id = await store.change('createToken', row);
    await audit.record({ actor: user, action: 'token.create', detail: { token: id, name, scopes } }, caller);
    return { ...viewOf({ id, name, scopes, created, expires, used: null }), token };
  }

  /** @throws not_found */
  async revoke(user: User, token: number, caller: Caller): Promise<void> {
    const { store, onSessionsEnded } = this.#parts;
    const entry = entryOf({ actor: user, action: 'token.revoke', detail: { token } }, caller);
    if (!(await store.change('deleteToken', { user: user.id, token }, entry)))
      throw new PokersError('not_found');
    onSessionsEnded(user.id);
  }
}

function viewOf({ id, name, scopes, created, expires, used }: TokenEntry): TokenView {
  return {
    id,
    name,
    scopes: [...scopesIn(scopes)],
    created,
    ...(expires !== null && { expires }),
    ...(used !== null && { used }),
  };
}
