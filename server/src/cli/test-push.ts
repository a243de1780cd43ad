import { z } from 'zod';
import { PUSH, type PushOptions } from '../push/push.ts';

const ms = z.int().nonnegative();
const schema = z.strictObject({ delayMs: ms, spacingMs: ms, retryMs: ms, mayBeNear: z.boolean() }).partial();

/** For tests: what is different about notifications, as JSON of `PushOptions`. */
export function testPush(said: string | undefined): PushOptions | undefined {
  if (said === undefined) return undefined;
  return { ...PUSH, ...(schema.parse(JSON.parse(said)) as Partial<PushOptions>) };
}
