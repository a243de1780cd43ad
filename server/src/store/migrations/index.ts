import type { Migration } from 'kysely';
import * as first from './0001-first.ts';
import * as locality from './0002-locality.ts';
import * as accounts from './0003-accounts.ts';
import * as classes from './0004-classes.ts';
import * as search from './0005-search.ts';
import * as keptMutes from './0006-kept-mutes.ts';
import * as notifications from './0006-notifications.ts';
import * as files from './0008-files.ts';
import * as conversation from './0009-conversation.ts';

/** In order. A migration that has been released is never edited; add another. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-first': first,
  '0002-locality': locality,
  '0003-accounts': accounts,
  '0004-classes': classes,
  '0005-search': search,
  '0006-kept-mutes': keptMutes,
  '0006-notifications': notifications,
  '0008-files': files,
  '0009-conversation': conversation,
};
