import { type ChatMessage, type PokersClient, PokersError } from '@pokers/sdk';
import { readMessage } from '@pokers/sdk/conversation-api';
import { type Ref, type ShallowRef, shallowRef, watchEffect } from 'vue';

/** Messages that were fetched because others answer them; the oldest are forgotten beyond. */
const MOST_KEPT = 200;

type Original = ChatMessage | 'gone';

const kept = new Map<number, Promise<Original | undefined>>();

/** The message with this id, fetched where it is not among those that are loaded; undefined until it is there. */
export function useOriginal(
  client: PokersClient,
  id: () => number,
  loaded: Readonly<Ref<readonly ChatMessage[]>>,
): Readonly<ShallowRef<Original | undefined>> {
  const original = shallowRef<Original>();
  watchEffect(async () => {
    const wanted = id();
    if (loaded.value.some((message) => message.id === wanted)) return;
    const found = await fetchOriginal(client, wanted);
    if (wanted === id()) original.value = found;
  });
  return original;
}

function fetchOriginal(client: PokersClient, id: number): Promise<Original | undefined> {
  const known = kept.get(id);
  if (known) return known;
  const asked = readMessage(client.http, id).catch((error: unknown) => {
    if (error instanceof PokersError && error.error === 'message_not_found') return 'gone';
    // The line is down: whoever shows it next asks again.
    kept.delete(id);
    return undefined;
  });
  kept.set(id, asked);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  return asked;
}
