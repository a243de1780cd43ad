import type { Logger } from 'pino';

/**
 * What a process does about a fault that nothing caught. A rejected promise concerns the one thing that it was about:
 * it is logged, and the server goes on. After an exception nobody knows what was left half done: it is logged and the
 * process ends with 1, to be started anew (by systemd, Docker, or our own supervisor). Nothing that was answered is lost.
 */
export function watchFaults(log: Logger): void {
  process.on('unhandledRejection', (reason) => log.error(reason, 'a promise failed and nobody looked'));
  process.on('uncaughtException', (error) => {
    log.fatal(error, 'a fault that nothing caught: the process ends');
    process.exit(1);
  });
}
