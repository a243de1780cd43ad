import type { Scope } from '@pokers/protocol/accounts';
import type { Message } from '@pokers/protocol/message';
import {
  type CommandName,
  isBelow,
  isTeacher,
  type Obstacle,
  RIGHTS,
  type Right,
  ROLES,
  type Role,
} from '@pokers/protocol/rights';
import { PokersError } from '../errors.ts';
import type { Classroom, Membership, Store, ThreadInClass, User } from '../store/store.ts';

/** Whoever gives a command. */
export interface Actor extends User {
  /** What their API token is good for; undefined for a session, which is good for all. */
  readonly scopes?: ReadonlySet<Scope> | undefined;
  /** From where they do it, for the audit log. */
  readonly address?: string | undefined;
}

/** Rights are asked for of the store at each command, so a change of them holds from the next command on. */
export interface Access {
  readonly store: Store;
  /** Now, in Unix seconds. */
  readonly now: () => number;
}

export interface InClass extends Membership {
  readonly classroom: Classroom;
}

export interface InThread extends Membership {
  readonly thread: ThreadInClass;
}

export interface OnMessage extends InThread {
  readonly message: Message;
}

/**
 * The class, where the actor may do this in it; a class that one is not in looks like one that does not exist.
 * @throws class_not_found, and as `check`
 */
export async function inClass(
  access: Access,
  actor: Actor,
  command: CommandName,
  id: number,
): Promise<InClass> {
  const [classroom, membership] = await Promise.all([
    access.store.classroom(id),
    access.store.membership(actor.id, id),
  ]);
  if (!classroom || !membership) throw new PokersError('class_not_found');
  check(access, actor, command, membership, classroom.archived === null ? [] : ['class_archived']);
  return { classroom, ...membership };
}

/**
 * The thread, where the actor may do this in it; else it looks like one that does not exist.
 * @throws thread_not_found, and as `check`
 */
export async function inThread(
  access: Access,
  actor: Actor,
  command: CommandName,
  id: number,
): Promise<InThread> {
  const thread = await access.store.thread(id);
  const membership = thread && (await access.store.membership(actor.id, thread.class));
  if (!thread || !membership) throw new PokersError('thread_not_found');
  checkInThread(access, actor, command, thread, membership);
  return { thread, ...membership };
}

/** Why the actor may not do this in a thread that was read just now; undefined: they may. */
export function refusalInThread(
  access: Pick<Access, 'now'>,
  actor: Actor,
  command: CommandName,
  thread: ThreadInClass | undefined,
  membership: Membership | undefined,
): PokersError | undefined {
  if (!thread || !membership) return new PokersError('thread_not_found');
  try {
    checkInThread(access, actor, command, thread, membership);
    return undefined;
  } catch (error) {
    if (error instanceof PokersError) return error;
    throw error;
  }
}

/**
 * The message, where the actor may do this to it; else it looks like one that does not exist.
 * @throws message_not_found, and as `check`
 */
export async function onMessage(
  access: Access,
  actor: Actor,
  command: CommandName,
  id: number,
): Promise<OnMessage> {
  const message = await access.store.message(id);
  const thread = message && (await access.store.thread(message.thread));
  const membership = thread && (await access.store.membership(actor.id, thread.class));
  if (!message || !thread || !membership) throw new PokersError('message_not_found');
  check(access, actor, command, membership, obstaclesIn(thread));
  requireOwn(command, membership.role, message.speaker === actor.id);
  return { message, thread, ...membership };
}

/**
 * Whether the actor, who may do this below their own role only, may do it to this role.
 * @throws forbidden
 */
export function requireReach(command: CommandName, own: Role, target: Role): void {
  if (mayReach(command, own, target)) return;
  throw new PokersError('forbidden', `a ${own} does this to students and guests only`);
}

/** Whether a role that may do this may do it to another role. */
export function mayReach(command: CommandName, own: Role, target: Role): boolean {
  return rightOf(command, own) !== 'below' || isBelow(target, own);
}

/** Those to whom a role that may do this may do it. */
export function rolesInReach(command: CommandName, own: Role): Role[] {
  return ROLES.filter((role) => mayReach(command, own, role));
}

/**
 * Whoever has just made a change, as the one to whom it is shown: that needs no scope to read beside the change's own, and
 * a change that is made is not answered as if it were refused.
 */
export function afterChange({ scopes: _scopes, ...person }: Actor): Actor {
  return person;
}

/** What concerns no class yet: creating one, or entering it. @throws scope_missing */
export function requireScope({ scopes }: Pick<Actor, 'scopes'>, scope: Scope): void {
  if (scopes && !scopes.has(scope)) throw new PokersError('scope_missing', `it needs ${scope}`);
}

/**
 * @throws scope_missing, forbidden (the role may not), muted, class_archived, thread_archived, thread_read_only
 */
export function check(
  { now }: Pick<Access, 'now'>,
  { scopes }: Actor,
  command: CommandName,
  { role, muted_until }: Membership,
  obstacles: readonly Obstacle[],
): void {
  const rule = RIGHTS[command];
  requireScope({ scopes }, rule.scope);
  if (rightOf(command, role) === 'no') throw new PokersError('forbidden', rule.what);
  const though: readonly Obstacle[] = rule.though;
  if (muted_until !== null && muted_until > now() && !though.includes('muted'))
    throw new PokersError('muted', `until ${new Date(muted_until * 1000).toISOString()}`);
  for (const obstacle of obstacles) {
    if (though.includes(obstacle) || (obstacle === 'thread_read_only' && isTeacher(role))) continue;
    throw new PokersError(obstacle);
  }
}

/** Whether a member may create threads in a class, as its setting says. @throws forbidden */
export function requireThreadMaker(role: Role, { threads_by }: Classroom): void {
  if (rightOf('create_thread', role) !== 'setting' || threads_by === 'students') return;
  throw new PokersError('forbidden', 'in this class teachers create the threads');
}

function checkInThread(
  access: Pick<Access, 'now'>,
  actor: Actor,
  command: CommandName,
  thread: ThreadInClass,
  membership: Membership,
): void {
  check(access, actor, command, membership, obstaclesIn(thread));
  requireOwn(command, membership.role, thread.creator === actor.id);
}

function rightOf(command: CommandName, role: Role): Right {
  return RIGHTS[command][role];
}

function obstaclesIn({ class_archived, archived, read_only }: ThreadInClass): Obstacle[] {
  const obstacles: Obstacle[] = [];
  if (class_archived !== null) obstacles.push('class_archived');
  if (archived !== null) obstacles.push('thread_archived');
  if (read_only !== null) obstacles.push('thread_read_only');
  return obstacles;
}

/** @throws forbidden where the role may do this to what is its own only, and it is not */
function requireOwn(command: CommandName, role: Role, isOwn: boolean): void {
  if (isOwn || rightOf(command, role) !== 'own') return;
  throw new PokersError('forbidden', `${RIGHTS[command].what}: one’s own only`);
}
