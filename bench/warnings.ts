import type { Sample } from './metrics.ts';

/** Above these a figure says as much about what else went on as about the server. */
const OTHERS_PERCENT = 10;
const BUSY_PERCENT = 90;

/** Why a measurement, or the medians of several, should not be trusted too far. */
export function warningsOf({ othersPercent = 0, loadBusyPercent = 0 }: Sample): string[] {
  return [
    ...(othersPercent > OTHERS_PERCENT ? [`others had ${othersPercent.toFixed(0)} % of its core`] : []),
    ...(loadBusyPercent > BUSY_PERCENT
      ? [`a load generator was busy to ${loadBusyPercent.toFixed(0)} % and may have been the limit`]
      : []),
  ];
}
