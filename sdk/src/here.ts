import type { PokersClient } from './client.ts';

/** Who of a class is here. */
export interface WhoIsHere {
  /** By user id; in very large classes some only. */
  readonly users: ReadonlySet<number>;
  /** How many are. */
  readonly count: number;
}

/**
 * Follows who of a class is connected, over reconnects. A client follows one class at a time: another one ends it for the
 * one before.
 * @param onChange told when it is known, and at each change; with nobody while there is no connection
 * @returns the function that ends it
 */
export function followWhoIsHere(
  client: PokersClient,
  classroom: number,
  onChange: (here: WhoIsHere) => void,
): () => void {
  const users = new Set<number>();
  let count = 0;
  let isOver = false;
  const tell = (): void => onChange({ users, count });
  const clear = (): void => {
    users.clear();
    count = 0;
  };
  const ask = async (): Promise<void> => {
    try {
      const answer = await client.ask('presence', { class: classroom, on: true });
      if (isOver) return;
      clear();
      for (const user of answer.here) users.add(user);
      count = answer.count;
    } catch {
      // No line, or no right: nobody is known to be here until the next line.
      clear();
    }
    if (!isOver) tell();
  };
  const offs = [
    client.on('state', (state) => {
      if (state === 'connected') void ask();
      else if (count > 0) {
        clear();
        tell();
      }
    }),
    client.on('here', (id, came, left) => {
      if (id !== classroom) return;
      for (const user of came) {
        if (users.has(user)) continue;
        users.add(user);
        count++;
      }
      for (const user of left) if (users.delete(user)) count--;
      tell();
    }),
  ];
  if (client.state === 'connected') void ask();
  return () => {
    isOver = true;
    for (const off of offs) off();
    client.ask('presence', { class: classroom, on: false }).catch(() => undefined);
  };
}
