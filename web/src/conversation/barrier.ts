import type { ClassView, ThreadView } from '@pokers/protocol/classes';

/** Why one may not post in a thread, as the server would say. */
export type Barrier = 'class_archived' | 'thread_archived' | 'guest' | 'thread_read_only' | 'muted';

/** Undefined where one may. @param now ms since 1970 */
export function barrierTo(
  classroom: ClassView,
  thread: ThreadView | undefined,
  now: number,
): Barrier | undefined {
  if (classroom.archived !== undefined) return 'class_archived';
  if (thread?.archived !== undefined) return 'thread_archived';
  if (classroom.role === 'guest') return 'guest';
  if (thread?.read_only !== undefined && classroom.role === 'student') return 'thread_read_only';
  return (classroom.muted_until ?? 0) * 1000 > now ? 'muted' : undefined;
}
