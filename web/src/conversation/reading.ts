import { createPulse } from '../pulse.ts';

/** Least milliseconds between two times that the server is told of what was read; in a busy class all tell it. */
const TELL_MS = 5_000;

/** How far the reader has read. */
export interface Reading {
  /** So far she had read before. */
  know(message: number | undefined): void;
  /** She has this message before her. The server is told soon, and of the last only. */
  read(message: number): void;
  /** Tells what is still to be told. */
  now(): void;
}

/** `tell` says it to the server. What could not be told is told with the next. */
export function createReading(tell: (message: number) => Promise<void>): Reading {
  let read = 0;
  let told = 0;
  const pulse = createPulse(TELL_MS, () => {
    if (read <= told) return;
    told = read;
    tell(read).catch(() => {});
  });

  return {
    know(message = 0) {
      read = Math.max(read, message);
      told = Math.max(told, message);
    },
    read(message) {
      if (message <= read) return;
      read = message;
      pulse.soon();
    },
    now() {
      pulse.cancel();
      if (read > told) pulse.now();
    },
  };
}
