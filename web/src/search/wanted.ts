import type { Has } from '@pokers/protocol/search';
import type { SearchFilters } from '@pokers/sdk';
import type { Named } from '../keyboard/overlay.ts';

export const SCOPES = ['everywhere', 'class', 'thread'] as const;
export type Scope = (typeof SCOPES)[number];
export const KINDS = ['link', 'image', 'file'] as const satisfies readonly Has[];

/** What the reader looks for. */
export interface Wanted {
  readonly text: string;
  readonly scope: Scope;
  readonly person?: Named | undefined;
  readonly has?: Has | undefined;
  /** Days as date fields have them, e.g. 2026-11-25, both included; empty: any. */
  readonly since: string;
  readonly until: string;
}

export const NOTHING: Wanted = { text: '', scope: 'everywhere', since: '', until: '' };

/** Whether there is anything to look for; a day alone is not enough for the server. */
export function isAsked({ text, person, has }: Wanted): boolean {
  return text.trim() !== '' || person !== undefined || has !== undefined;
}

/** How many filters narrow it, beside where. */
export function countFilters({ person, has, since, until }: Wanted): number {
  return [person, has, since, until].filter((value) => value !== undefined && value !== '').length;
}

/** The filters as the server takes them; days begin and end at midnight where the reader is. */
export function filtersOf(
  { scope, person, has, since, until }: Wanted,
  open: { classId?: number | undefined; threadId?: number | undefined },
): SearchFilters {
  return {
    class: scope === 'class' ? open.classId : undefined,
    thread: scope === 'thread' ? open.threadId : undefined,
    from: person?.id,
    has,
    since: midnight(since, 0),
    until: midnight(until, 1),
  };
}

/** The first second of a day, or of one some days later, in Unix seconds; undefined where there is no such day. */
function midnight(day: string, later: number): number | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (year === undefined) return undefined;
  return Math.max(0, new Date(Number(year), Number(month) - 1, Number(date) + later).getTime() / 1000);
}
