import { foundClass, openThread, type Person, postOverHttp, signUp } from '../../actors/people.ts';
import type { ServerProcess } from '../../actors/server-process.ts';

/** People and threads for a crowd: many clients share an account, as one's phone and laptop do. */
export interface Town {
  readonly head: Person;
  readonly tokens: readonly string[];
  readonly threads: readonly number[];
}

export async function foundTown(
  { url }: ServerProcess,
  people: number,
  threads: number,
  messages: number,
): Promise<Town> {
  const inhabitants = await Promise.all(
    Array.from({ length: people }, (_, index) => signUp(url, `Person ${index}`)),
  );
  const [head, ...others] = inhabitants as [Person, ...Person[]];
  const { classroom, thread } = await foundClass(url, head, others);
  const ids = [thread.id];
  while (ids.length < threads) ids.push((await openThread(url, head, classroom.id)).id);
  for (const id of ids) await talkIn(url, head, id, messages);
  return { head, tokens: inhabitants.map(({ token }) => token), threads: ids };
}

export async function talkIn(url: string, as: Person, thread: number, messages: number): Promise<void> {
  await Promise.all(
    Array.from({ length: messages }, (_, index) => postOverHttp(url, as, thread, `message ${index}`)),
  );
}
