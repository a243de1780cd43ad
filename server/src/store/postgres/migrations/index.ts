import type { Migration } from 'kysely';
import * as first from './0005-first.ts';
import * as keptMutes from './0006-kept-mutes.ts';
import * as notifications from './0006-notifications.ts';
import * as files from './0008-files.ts';
import * as conversation from './0009-conversation.ts';

/**
 * In order. PostgreSQL begins with what SQLite had after its fifth migration; from then on each has a counterpart of the
 * same name in `../../migrations`, and a test compares the tables. A migration that has been released is never edited.
 * Older servers go on serving beside newer ones, so a migration only adds; one that cannot writes its own name into
 * `meta` as `needs`.
 */
export const POSTGRES_MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0005-first': first,
  '0006-kept-mutes': keptMutes,
  '0006-notifications': notifications,
  '0008-files': files,
  '0009-conversation': conversation,
};
