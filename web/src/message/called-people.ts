import type { MemberView } from '@pokers/protocol/classes';
import { LIMITS } from '@pokers/protocol/limits';
import type { ChatMessage, HttpApi } from '@pokers/sdk';
import { computed, type Ref, shallowReactive, watchEffect } from 'vue';
import { useAccount } from '../account/account.ts';
import { useClient } from '../client.ts';
import { composerText } from '../composer/composer-text.ts';
import type { Called } from '../markdown/called.ts';
import { useActing } from './acting.ts';

/** Among mentions: everyone in the class. */
const EVERYONE = 0;

/** Names of people who were mentioned and have said nothing here; all are forgotten beyond. */
const MOST_KEPT = 500;

/** By class and id. */
const names = shallowReactive(new Map<string, string>());
const asked = new Set<string>();
/** What is about to be asked for, of the class that is open. */
const wanted = new Set<number>();
const TOGETHER_MS = 20;

/** Whom a message mentions, as its text may name them; names that are not known yet are asked for. */
export function useCalled(mentions: () => readonly number[]): Readonly<Ref<readonly Called[]>> {
  const { http } = useClient();
  const { user } = useAccount();
  const { classId, messages } = useActing();
  const nameOf = (id: number): string | undefined =>
    id === user.value?.id ? user.value.name : (spokenBy(messages.value, id) ?? names.get(`${classId}/${id}`));
  watchEffect(() => {
    for (const id of mentions()) if (id !== EVERYONE && nameOf(id) === undefined) askName(http, classId, id);
  });
  return computed(() =>
    mentions().flatMap((id) => {
      if (id === EVERYONE) return EVERY_WORD;
      const name = nameOf(id);
      return name ? [{ name, isReader: id === user.value?.id }] : [];
    }),
  );
}

/** Whoever wrote it may have read it in another language. */
const EVERY_WORD: readonly Called[] = Object.values(composerText).map(({ everyone }) => ({
  name: everyone,
  isReader: true,
}));

function spokenBy(messages: readonly ChatMessage[], id: number): string | undefined {
  return messages.find(({ speaker }) => speaker === id)?.name || undefined;
}

/** Asks for it together with those that are asked for in the same moment. Who is not found, as one who left, has none. */
function askName(http: HttpApi, classId: number, id: number): void {
  const key = `${classId}/${id}`;
  if (asked.has(key)) return;
  if (asked.size >= MOST_KEPT) {
    asked.clear();
    names.clear();
  }
  asked.add(key);
  if (wanted.size === 0) setTimeout(askTogether, TOGETHER_MS, http, classId);
  if (wanted.size < LIMITS.membersPage) wanted.add(id);
}

async function askTogether(http: HttpApi, classId: number): Promise<void> {
  const ids = [...wanted];
  wanted.clear();
  const page = await http
    .ask<{ members: MemberView[] }>('GET', `/api/classes/${classId}/members?ids=${ids}`)
    .catch(() => undefined);
  for (const { id, name } of page?.members ?? []) names.set(`${classId}/${id}`, name);
  if (!page) for (const id of ids) asked.delete(`${classId}/${id}`);
}
