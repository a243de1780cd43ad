/** Does something soon, but not more often than every so many milliseconds. */
export interface Pulse {
  /** At once after a quiet time, else when the time is over; however often it is called meanwhile, once. */
  soon(): void;
  now(): void;
  /** Forgets what was to be done soon. */
  cancel(): void;
}

export function createPulse(everyMs: number, beat: () => void): Pulse {
  let last = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function cancel(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  function now(): void {
    cancel();
    last = performance.now();
    beat();
  }

  return {
    now,
    cancel,
    soon() {
      if (timer !== undefined) return;
      const wait = last + everyMs - performance.now();
      if (wait <= 0) now();
      else timer = setTimeout(now, wait);
    },
  };
}
