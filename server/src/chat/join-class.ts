import { PokersError } from '../errors.ts';
import type { Classroom, User } from '../store/store.ts';
import type { Chat } from './chat.ts';
import { normalizeJoinCode } from './join-code.ts';

/** Enters a class by its code, as a student. Who is in it already stays what they are. @throws join_code_not_found */
export async function joinClass({ store, now }: Chat, user: User, typedCode: string): Promise<Classroom> {
  const classroom = await store.classroomByCode(normalizeJoinCode(typedCode));
  if (!classroom) throw new PokersError('join_code_not_found');
  await store.addMember({ user: user.id, classroom: classroom.id, role: 'student', date: now() });
  return classroom;
}
