import type { ConnectionState, PokersClient } from '@pokers/sdk';
import { type InjectionKey, type Ref, ref } from 'vue';
import { provided } from '../provided.ts';

/** How the line stands. `down` is what the reader should know of; a first connecting is not. */
export interface Connection {
  readonly state: Readonly<Ref<ConnectionState>>;
  /** When the next try is due, milliseconds since 1970; undefined unless the state is `waiting`. */
  readonly retryAt: Readonly<Ref<number | undefined>>;
  readonly down: Readonly<Ref<boolean>>;
  /** How often the line came back: whoever shows what may have changed meanwhile watches it. */
  readonly returns: Readonly<Ref<number>>;
  tryNow(): void;
}

export const connectionKey: InjectionKey<Connection> = Symbol('connection');
export const useConnection = (): Connection => provided(connectionKey);

export function createConnection(client: PokersClient, page: Window): Connection {
  const state = ref<ConnectionState>(client.state);
  const retryAt = ref<number>();
  const down = ref(false);
  const returns = ref(0);

  client.on('state', (next) => {
    state.value = next;
    retryAt.value = next === 'waiting' ? client.retryAt : undefined;
    if (next === 'waiting' || next === 'closed') down.value = true;
    if (next !== 'connected') return;
    if (down.value) returns.value++;
    down.value = false;
  });

  function tryNow(): void {
    if (client.state === 'waiting') client.retryNow();
    // The banner tells when this fails, too.
    else if (client.state === 'closed') client.connect().catch(() => {});
  }

  // The network is back, or the phone was unlocked: waiting any longer helps nobody.
  const retryIfWaiting = (): void => {
    if (client.state === 'waiting' && page.document.visibilityState === 'visible') client.retryNow();
  };
  page.addEventListener('online', retryIfWaiting);
  page.document.addEventListener('visibilitychange', retryIfWaiting);

  return { state, retryAt, down, returns, tryNow };
}
