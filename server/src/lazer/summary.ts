import type { TableName } from './tables.ts';

/** What is counted: the tables of the original, and the memberships that were a column of its users. */
export type SummaryTable = Exclude<TableName, 'marks'> | 'memberships' | 'stars';

export const SUMMARY_TABLES: readonly SummaryTable[] = [
  'classes',
  'users',
  'memberships',
  'threads',
  'messages',
  'logs',
  'stars',
];

/** `imported` + `already` (from an earlier import, and left as they are) + `skipped` is all that the files hold. */
export interface TableCounts {
  imported: number;
  already: number;
  skipped: number;
}

/** Something that a person should know: rows that were skipped, values that were changed, and what else was found. */
export interface Remark {
  readonly kind: 'skipped' | 'changed' | 'noted';
  /** A table of ours or of the original. */
  readonly table: string;
  readonly what: string;
  /** How many rows it is about; 0 where it is about the table as such. */
  readonly count: number;
  /** The first of them, by id; a membership is "user 3 in class 4". */
  readonly first: readonly string[];
}

export interface ImportSummary {
  readonly from: string;
  readonly into: string;
  readonly seconds: number;
  readonly tables: Readonly<Record<SummaryTable, Readonly<TableCounts>>>;
  readonly remarks: readonly Remark[];
}

const HEADINGS = { skipped: 'Skipped', changed: 'Changed', noted: 'To know' } as const;

/** The summary for people: a table of counts, then what was skipped, changed and found, with reasons; ends with a newline. */
export function formatSummary(summary: ImportSummary): string {
  const head = `Imported ${summary.from} into ${summary.into} in ${summary.seconds.toFixed(1)} s.`;
  const sections = (['skipped', 'changed', 'noted'] as const).map((kind) => formatRemarks(summary, kind));
  return `${[head, formatCounts(summary), ...sections.filter((section) => section !== '')].join('\n\n')}\n`;
}

function formatCounts({ tables }: ImportSummary): string {
  const rows = [['', 'imported', 'there already', 'skipped']];
  for (const table of SUMMARY_TABLES) {
    const { imported, already, skipped } = tables[table];
    rows.push([table, format(imported), format(already), format(skipped)]);
  }
  return rows
    .map(
      ([table = '', ...cells]) => `  ${table.padEnd(12)}${cells.map((cell) => cell.padStart(14)).join('')}`,
    )
    .join('\n');
}

function formatRemarks({ remarks }: ImportSummary, kind: Remark['kind']): string {
  const chosen = remarks.filter((remark) => remark.kind === kind);
  if (chosen.length === 0) return '';
  return [`${HEADINGS[kind]}:`, ...chosen.map(formatRemark)].join('\n');
}

function formatRemark({ table, what, count, first }: Remark): string {
  if (count === 0) return `  ${table}: ${what}`;
  const more = count > first.length ? ', …' : '';
  return `  ${table}: ${format(count)} × ${what} (${first.join(', ')}${more})`;
}

function format(count: number): string {
  return count.toLocaleString('en-US');
}
