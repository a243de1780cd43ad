import { CLOSES, ERRORS } from '@pokers/protocol/codes';
import { code, table } from './markdown.ts';

export function errorTable(): string {
  const rows = Object.entries(ERRORS)
    .sort(([, a], [, b]) => a.code - b.code)
    .map(([name, { code: number, http, message }]) => [String(number), code(name), String(http), message]);
  return table(['code', 'name', 'HTTP', 'text'], rows);
}

/** The close codes after which a client comes back, or does not. */
export function closeTable(reconnect: boolean): string {
  const rows = Object.entries(CLOSES)
    .filter(([, close]) => close.reconnect === reconnect)
    .map(([name, close]) => [String(close.code), code(name), close.reason]);
  return table(['code', 'name', 'reason'], rows);
}
