/** The resources of accounts on the HTTP door. Times are Unix seconds; what has no value is left out. */

/**
 * What an API token may do. `read`: see what its owner sees. `write`: post, edit, delete, react, pin, mark as read.
 * `manage`: classes, members, invitations, threads.
 */
export const SCOPES = ['read', 'write', 'manage'] as const;
export type Scope = (typeof SCOPES)[number];
