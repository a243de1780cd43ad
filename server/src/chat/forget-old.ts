import { LIMITS } from '@pokers/protocol/limits';
import { forgetAudit } from '../store/audit.ts';
import { forgetMutes } from '../store/class-steps.ts';
import type { Chat } from './chat.ts';

const DAY_SECONDS = 24 * 60 * 60;

/** Forgets what is kept for a time only: nonces of changes, the audit log, mutes of those who left, what deleted threads held. */
export async function forgetOld({ store, now }: Chat): Promise<void> {
  await store.forgetChanges(now() - LIMITS.nonceDays * DAY_SECONDS);
  await forgetAudit(store, now() - LIMITS.auditDays * DAY_SECONDS);
  await forgetMutes(store, now());
  await store.purgeThreads();
}
