import type { Role } from '@pokers/protocol/http';
import type { Message } from '@pokers/protocol/message';
import { PokersError } from '../errors.ts';
import type { Classroom, Store, Thread, User } from '../store/store.ts';

/** The class, if the user is in it; a class that one is not in looks like one that does not exist. @throws class_not_found */
export async function classroomFor(
  store: Store,
  user: User,
  id: number,
): Promise<{ classroom: Classroom; role: Role }> {
  const [classroom, role] = await Promise.all([store.classroom(id), store.role(user.id, id)]);
  if (!classroom || !role) throw new PokersError('class_not_found');
  return { classroom, role };
}

/** The thread, if the user is in its class; else it looks like one that does not exist. @throws thread_not_found */
export async function threadFor(
  store: Store,
  user: User,
  id: number,
): Promise<{ thread: Thread; role: Role }> {
  const thread = await store.thread(id);
  const role = thread && (await store.role(user.id, thread.class));
  if (!thread || !role) throw new PokersError('thread_not_found');
  return { thread, role };
}

/** The message, if the user is in its class; else it looks like one that does not exist. @throws message_not_found */
export async function messageFor(
  store: Store,
  user: User,
  id: number,
): Promise<{ message: Message; role: Role }> {
  const message = await store.message(id);
  const role = message && (await store.role(user.id, message.class));
  if (!message || !role) throw new PokersError('message_not_found');
  return { message, role };
}

/** Whether classic clients mark what this role says as a teacher's. */
export function isTeacher(role: Role): boolean {
  return role !== 'student';
}
