import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

/** Warnings and errors on stderr: lines for people on a terminal, JSON for programs elsewhere. */
export function createLog(): Logger {
  const stream = process.stderr.isTTY
    ? pretty({ destination: 2, sync: true })
    : pino.destination({ dest: 2, sync: true });
  return pino({ level: 'info', base: { pid: process.pid } }, stream);
}
