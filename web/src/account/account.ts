import type { UserView } from '@pokers/protocol/http';
import { type PokersClient, PokersError } from '@pokers/sdk';
import { type InjectionKey, type Ref, ref, type ShallowRef, shallowRef } from 'vue';
import { keepPreference } from '../preference.ts';
import { provided } from '../provided.ts';

/** `ended`: was signed in, and the server says that the session is over. */
export type AccountState = 'loading' | 'unreachable' | 'signed-out' | 'signed-in' | 'ended';

export interface Account {
  readonly state: Readonly<Ref<AccountState>>;
  readonly user: Readonly<ShallowRef<UserView | undefined>>;
  /** Asks the server who is signed in; the cookie tells. Tries again by itself while the server cannot be reached. */
  load(): Promise<void>;
  /** Whoever was signed in here last is taken to be so still, until the server has said who is. */
  suppose(kept: UserView): void;
  /** @param email or a name that nobody else has. @param code where there is a second factor */
  signIn(email: string, password: string, code?: string): Promise<void>;
  /** @param invitation the token of one, where the server asks for it */
  signUp(name: string, email: string, password: string, invitation?: string): Promise<void>;
  /** Ends the session. The caller then loads the page anew: nothing of one person stays in memory for the next. */
  signOut(): Promise<void>;
  /** Something was refused. Where that was because the session is over, the reader has to sign in again. */
  heed(failure: unknown): void;
}

export const accountKey: InjectionKey<Account> = Symbol('account');
export const useAccount = (): Account => provided(accountKey);

const RETRY_MS = 4_000;

export function createAccount(client: PokersClient, page: Window): Account {
  const state = ref<AccountState>('loading');
  const user = shallowRef<UserView>();
  let retry: ReturnType<typeof setTimeout> | undefined;

  client.on('closed', () => {
    if (state.value === 'signed-in') void checkSession();
  });

  async function load(): Promise<void> {
    clearTimeout(retry);
    try {
      enter(await client.http.me());
    } catch (error) {
      if (user.value) heed(error);
      else state.value = isSignedOut(error) ? 'signed-out' : 'unreachable';
      if (!isSignedOut(error)) retry = setTimeout(load, RETRY_MS);
    }
  }

  /** Whoever comes after someone else in the same page gets a fresh one. */
  function enter(next: UserView): void {
    if (user.value && user.value.id !== next.id) return page.location.reload();
    user.value = next;
    state.value = 'signed-in';
    keepPreference('known', 'yes');
    // The banner tells when this fails; the client goes on trying by itself.
    client.connect().catch(() => {});
  }

  /** The socket was closed for good: because the session is over, or for a reason that the banner shows. */
  async function checkSession(): Promise<void> {
    await client.http.me().catch(heed);
  }

  function heed(failure: unknown): void {
    if (state.value !== 'signed-in' || !isSignedOut(failure)) return;
    state.value = 'ended';
    client.close();
  }

  return {
    state,
    user,
    load,
    suppose(kept) {
      user.value = kept;
      state.value = 'signed-in';
    },
    signIn: async (email, password, code) =>
      enter((await client.http.signIn({ email, password, ...(code && { code }) })).user),
    signUp: async (name, email, password, invitation) =>
      enter((await client.http.signUp({ name, email, password, ...(invitation && { invitation }) })).user),
    async signOut() {
      await client.http.signOut();
      state.value = 'loading';
      client.close();
    },
    heed,
  };
}

function isSignedOut(error: unknown): boolean {
  return error instanceof PokersError && error.error === 'sign_in_required';
}
