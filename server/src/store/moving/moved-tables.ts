/**
 * All tables, each after those that it refers to. A test holds the list against the schema. What the engines note for
 * their indexes of search is not moved: those are made anew.
 */
export const MOVED_TABLES = [
  'meta',
  'settings',
  'users',
  'sessions',
  'accounts',
  'verifications',
  'tokens',
  'second_factors',
  'reset_links',
  'push_subscriptions',
  'notify_settings',
  'notify_levels',
  'classes',
  'members',
  'kept_mutes',
  'invitations',
  'requests',
  'bans',
  'pictures',
  'threads',
  'messages',
  'changes',
  'reads',
  'mentions',
  'starred',
  'files',
  'file_space',
  'file_days',
  'logs',
  'stars',
  'audit',
] as const;

/** Rows of `meta` that belong to an engine and not to what is kept in it. */
export const OWN_META: ReadonlySet<unknown> = new Set(['secret', 'needs']);
