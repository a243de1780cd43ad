import type { ClassView, ThreadView } from '@pokers/protocol/classes';
import { type CommandName, isTeacher, type Obstacle, RIGHTS, type Right } from '@pokers/protocol/rights';

/** Whether the reader may do this in the class, to somebody or something at least: what is never allowed is not offered. */
export function may(command: CommandName, classroom: ClassView): boolean {
  const obstacles: Obstacle[] = [];
  if (classroom.archived !== undefined) obstacles.push('class_archived');
  if (classroom.muted_until !== undefined && classroom.muted_until > Date.now() / 1000)
    obstacles.push('muted');
  return rightOf(command, classroom) !== 'no' && isFree(command, obstacles);
}

/** Whether the reader may do this to the thread. @param me the reader's id */
export function mayInThread(
  command: CommandName,
  classroom: ClassView,
  thread: ThreadView,
  me: number,
): boolean {
  const isReached = rightOf(command, classroom) !== 'own' || thread.creator === me;
  return isReached && may(command, classroom) && isFree(command, obstaclesIn(thread, classroom));
}

/** Whether the reader may do this to a message of this speaker. @param me the reader's id */
export function mayOnMessage(
  command: CommandName,
  classroom: ClassView,
  thread: ThreadView | undefined,
  speaker: number,
  me: number,
): boolean {
  if (rightOf(command, classroom) === 'own' && speaker !== me) return false;
  return may(command, classroom) && (thread === undefined || isFree(command, obstaclesIn(thread, classroom)));
}

export function rightOf(command: CommandName, { role }: ClassView): Right {
  return RIGHTS[command][role];
}

function obstaclesIn(thread: ThreadView, classroom: ClassView): Obstacle[] {
  const obstacles: Obstacle[] = [];
  if (thread.archived !== undefined) obstacles.push('thread_archived');
  if (thread.read_only !== undefined && !isTeacher(classroom.role)) obstacles.push('thread_read_only');
  return obstacles;
}

function isFree(command: CommandName, obstacles: readonly Obstacle[]): boolean {
  const though: readonly Obstacle[] = RIGHTS[command].though;
  return obstacles.every((obstacle) => though.includes(obstacle));
}
