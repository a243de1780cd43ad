import { classic } from './classic.ts';
import { longPolling } from './long-polling.ts';
import { polling } from './polling.ts';
import { v2, v2Plain } from './v2.ts';
import type { Way } from './way.ts';

/** In the order of the table and the chart. */
export const WAYS: readonly Way[] = [polling, longPolling, classic, v2Plain, v2];
