import type { PokersClient } from './client.ts';
import type { ThreadChannel } from './thread-channel.ts';

/** Someone who is typing. */
export interface Typist {
  readonly id: number;
  readonly name: string;
}

export interface Typists {
  /** To be called at each key: the server is told once in `SAY_MS`. Nothing where there is no connection. */
  typed(): void;
  /** The message was posted, or given up: the next key is told at once. */
  done(): void;
  stop(): void;
}

/** How often the others are told, and for how long they show it, in ms: one word may be late or lost. */
const SAY_MS = 3_000;
const SHOWN_MS = 8_000;

/**
 * Who types in a thread whose channel is open, the user aside.
 * @param onChange told of all who type now, in the order in which they began
 */
export function followTypists(
  client: PokersClient,
  channel: ThreadChannel,
  onChange: (typists: readonly Typist[]) => void,
): Typists {
  const shown = new Map<number, Typist & { readonly timer: ReturnType<typeof setTimeout> }>();
  let saidAt = Number.NEGATIVE_INFINITY;
  const tell = (): void => onChange([...shown.values()].map(({ id, name }) => ({ id, name })));
  const forget = (id: number): boolean => {
    clearTimeout(shown.get(id)?.timer);
    return shown.delete(id);
  };
  const offs = [
    client.on('typists', (thread, people) => {
      if (thread !== channel.id) return;
      let isNew = false;
      for (const [id, name] of people) {
        if (id === client.user?.id) continue;
        isNew ||= !shown.has(id);
        clearTimeout(shown.get(id)?.timer);
        const timer = setTimeout(() => forget(id) && tell(), SHOWN_MS);
        shown.set(id, { id, name, timer });
      }
      if (isNew) tell();
    }),
    channel.on('change', (changed) => {
      const gone = changed.filter(({ speaker }) => forget(speaker));
      if (gone.length > 0) tell();
    }),
  ];
  return {
    typed() {
      if (performance.now() - saidAt < SAY_MS) return;
      saidAt = performance.now();
      client.ask('typing', { thread: channel.id }).catch(() => undefined);
    },
    done() {
      saidAt = Number.NEGATIVE_INFINITY;
    },
    stop() {
      for (const off of offs) off();
      for (const id of [...shown.keys()]) forget(id);
    },
  };
}
