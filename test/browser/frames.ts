import type { Page } from 'playwright-core';

/** How a page kept up while something went on. */
export interface Frames {
  /** Frames that came, per second. A busy machine makes it less. */
  readonly perSecond: number;
  /** Frames per second that the work of the page's main thread leaves room for, by the processor's time. */
  readonly possible: number;
  /** The longest that the main thread worked without a frame, in milliseconds of the processor. */
  readonly longestMs: number;
}

const FRAME_MS = 1_000 / 60;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds that it took, and that the processor worked on it. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Traces a page while something is done to it for so many seconds. */
export async function framesDuring(
  page: Page,
  seconds: number,
  what: () => Promise<unknown>,
): Promise<Frames> {
  const browser = page.context().browser();
  if (!browser) throw new Error('The page has no browser');
  const debug = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  debug.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const complete = new Promise<void>((resolve) => debug.on('Tracing.tracingComplete', () => resolve()));
  await debug.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'],
      excludedCategories: ['*'],
    },
  });
  await what();
  await debug.send('Tracing.end');
  await complete;
  await debug.detach();

  const main = mainThreadOf(events);
  const own = events.filter((event) => threadOf(event) === main && event.ph === 'X');
  const works = own.filter(({ name }) => name === 'RunTask').map(({ tdur = 0 }) => tdur / 1_000);
  const lost = works.reduce((sum, ms) => sum + Math.floor(ms / FRAME_MS), 0);
  return {
    perSecond: own.filter(({ name }) => name === 'FireAnimationFrame').length / seconds,
    possible: 60 - lost / seconds,
    longestMs: Math.max(...works),
  };
}

/** Where the page's frames are made; there may be other pages' and processes' threads in the trace. */
function mainThreadOf(events: readonly TraceEvent[]): string {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.name === 'FireAnimationFrame')
      counts.set(threadOf(event), (counts.get(threadOf(event)) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!most) throw new Error('The trace has no frames');
  return most[0];
}

function threadOf({ pid, tid }: TraceEvent): string {
  return `${pid}/${tid}`;
}
