import type { Right, Role } from '@pokers/protocol/rights';

/** What someone may become in a class; head is handed over. */
export type GrantedRole = Exclude<Role, 'head'>;

/** The roles that someone with this right may give others. */
export function grantedRoles(right: Right): GrantedRole[] {
  return right === 'yes' ? ['student', 'guest', 'teacher'] : ['student', 'guest'];
}
