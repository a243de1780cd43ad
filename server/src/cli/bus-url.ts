import { InvalidArgumentError } from 'commander';
import { redisAddress } from '../bus/redis/address.ts';

/** The URL of a Redis that events are carried over. @throws InvalidArgumentError */
export function busUrl(text: string): string {
  try {
    redisAddress(text);
  } catch {
    throw new InvalidArgumentError('It must be redis://HOST:PORT/DB, or rediss:// with TLS.');
  }
  return text;
}
