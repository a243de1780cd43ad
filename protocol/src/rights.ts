/** Who may do what: the one table that every door asks, the web client shows its buttons by, and the docs print. */

import type { Scope } from './accounts.ts';

export const ROLES = ['head', 'teacher', 'student', 'guest'] as const;
/** What a member is in a class, the highest first. */
export type Role = (typeof ROLES)[number];

/**
 * `own`: what one made oneself. `below`: on members of a lower role than one's own, and with such roles. `setting`: where
 * the class lets students do it (`threads_by`); then what one made oneself stays one's own.
 */
export type Right = 'yes' | 'own' | 'below' | 'setting' | 'no';

export interface Rule {
  readonly scope: Scope;
  readonly head: Right;
  readonly teacher: Right;
  readonly student: Right;
  readonly guest: Right;
  /** Where it can be done although … ; what is not named is refused there. */
  readonly though: readonly Obstacle[];
  /** For people, in the printed table. */
  readonly what: string;
}

/** What stands in the way of all who are not excepted: see `Rule.though`. In a read-only thread, of students and guests. */
export const OBSTACLES = ['muted', 'class_archived', 'thread_archived', 'thread_read_only'] as const;
export type Obstacle = (typeof OBSTACLES)[number];

const ALWAYS = OBSTACLES;
/** It says nothing to anyone, but it changes the class. */
const QUIET = ['muted', 'thread_archived', 'thread_read_only'] as const;

const rule = (
  scope: Scope,
  [head, teacher, student, guest]: readonly [Right, Right, Right, Right],
  though: readonly Obstacle[],
  what: string,
): Rule => ({ scope, head, teacher, student, guest, though, what });

export const RIGHTS = {
  see_class: rule(
    'read',
    ['yes', 'yes', 'yes', 'yes'],
    ALWAYS,
    'see the class, its threads and what was said',
  ),
  see_members: rule('read', ['yes', 'yes', 'yes', 'yes'], ALWAYS, 'see who is in the class'),
  listen: rule('read', ['yes', 'yes', 'yes', 'yes'], QUIET, 'hear live what happens in a thread'),
  mark_read: rule('write', ['yes', 'yes', 'yes', 'yes'], ALWAYS, 'note how far one has read'),

  post: rule('write', ['yes', 'yes', 'yes', 'no'], [], 'post a message'),
  upload_file: rule('write', ['yes', 'yes', 'yes', 'no'], [], 'upload a file'),
  mention_all: rule('write', ['yes', 'yes', 'no', 'no'], [], 'mention everyone'),
  announce: rule('write', ['yes', 'yes', 'yes', 'no'], [], 'show a message of one’s own to classic clients'),
  edit_message: rule('write', ['own', 'own', 'own', 'no'], [], 'edit a message'),
  delete_message: rule('write', ['yes', 'yes', 'own', 'own'], QUIET, 'delete a message'),
  react: rule('write', ['yes', 'yes', 'yes', 'yes'], ['thread_read_only'], 'react to a message'),
  see_readers: rule(
    'read',
    ['yes', 'yes', 'own', 'no'],
    ALWAYS,
    'see who has read a message of a read-only thread',
  ),
  star_message: rule('write', ['yes', 'yes', 'yes', 'yes'], ALWAYS, 'star a message, for oneself'),
  pin_message: rule('write', ['yes', 'yes', 'no', 'no'], ['muted', 'thread_read_only'], 'pin a message'),

  create_thread: rule('manage', ['yes', 'yes', 'setting', 'no'], [], 'create a thread'),
  rename_thread: rule('manage', ['yes', 'yes', 'own', 'no'], ['thread_read_only'], 'rename a thread'),
  pin_thread: rule('manage', ['yes', 'yes', 'no', 'no'], QUIET, 'pin a thread'),
  lock_thread: rule('manage', ['yes', 'yes', 'no', 'no'], QUIET, 'make a thread read-only'),
  archive_thread: rule('manage', ['yes', 'yes', 'no', 'no'], QUIET, 'archive a thread'),
  delete_thread: rule('manage', ['yes', 'yes', 'no', 'no'], QUIET, 'delete a thread'),

  invite: rule(
    'manage',
    ['yes', 'below', 'no', 'no'],
    QUIET,
    'make, see and revoke invitations; see and renew the code',
  ),
  decide_request: rule('manage', ['yes', 'yes', 'no', 'no'], QUIET, 'see and decide requests to join'),
  add_members: rule('manage', ['yes', 'below', 'no', 'no'], QUIET, 'add many members from a list'),
  set_role: rule('manage', ['yes', 'below', 'no', 'no'], QUIET, 'change the role of a member'),
  mute_member: rule('manage', ['yes', 'below', 'no', 'no'], QUIET, 'mute a member'),
  remove_member: rule('manage', ['yes', 'below', 'no', 'no'], QUIET, 'remove a member'),
  ban_member: rule('manage', ['yes', 'below', 'no', 'no'], QUIET, 'ban a member, see and lift bans'),
  leave_class: rule('manage', ['yes', 'yes', 'yes', 'yes'], ALWAYS, 'leave the class'),

  set_class: rule(
    'manage',
    ['yes', 'no', 'no', 'no'],
    QUIET,
    'rename and describe the class, its picture and settings',
  ),
  archive_class: rule('manage', ['yes', 'no', 'no', 'no'], ALWAYS, 'archive the class, and take it back'),
  hand_over: rule('manage', ['yes', 'no', 'no', 'no'], QUIET, 'hand the class over to another head'),
  see_audit: rule('manage', ['yes', 'no', 'no', 'no'], ALWAYS, 'see and export the audit log'),
} as const satisfies Record<string, Rule>;

export type CommandName = keyof typeof RIGHTS;

/** Whether `role` stands below `other`. */
export function isBelow(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) > ROLES.indexOf(other);
}

/** Whether classic clients mark what this role says as a teacher's, and who may speak in a read-only thread. */
export function isTeacher(role: Role): boolean {
  return role === 'head' || role === 'teacher';
}
