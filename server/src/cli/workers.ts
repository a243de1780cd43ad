import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { WORKERS_MAX } from '../config.ts';

/** How many processes are asked for; `auto`: one for each core that this one may use. @throws InvalidArgumentError */
export function workers(text: string): number {
  const count = text.trim() === 'auto' ? Math.min(availableParallelism(), WORKERS_MAX) : Number(text);
  if (text.trim() !== '' && Number.isInteger(count) && count >= 1 && count <= WORKERS_MAX) return count;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${WORKERS_MAX}, or auto.`);
}
