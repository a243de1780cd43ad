import type { LineProblem, ListedPerson, PreviewView } from '@pokers/protocol/classes';
import { LIMITS } from '@pokers/protocol/limits';
import type { Role } from '@pokers/protocol/rights';
import { lineSchema } from '@pokers/protocol/schemas';
import { type CsvError, type Info, parse } from 'csv-parse/sync';
import { z } from 'zod';

/** People write them as spreadsheets, their own hands and Chinese keyboards do. */
const DELIMITERS = ['\t', ',', ';', '，', '；'];

/** What a heading calls the columns. */
const HEADINGS: Readonly<Record<'name' | 'email' | 'role', readonly string[]>> = {
  name: ['name', 'full name', '姓名', '名字', '名称'],
  email: ['email', 'e-mail', 'mail', 'email address', '邮箱', '电子邮箱', '电子邮件', '邮件'],
  role: ['role', '角色', '身份'],
};

const ROLE_WORDS: Readonly<Record<Role, readonly string[]>> = {
  head: ['head', '负责人', '班主任'],
  teacher: ['teacher', '老师', '教师'],
  student: ['student', '学生', '同学'],
  guest: ['guest', '访客', '旁听', '家长'],
};

/** What a decoder puts where bytes were in another encoding. */
const UNDECODED = '\uFFFD';

const TEXT_SHOWN = 60;
const name = lineSchema(LIMITS.userNameChars);
const email = z.email();

type Columns = Readonly<Partial<Record<'name' | 'email' | 'role', number>>>;
type Problem = PreviewView['problems'][number];

/**
 * Reads a pasted list or a CSV: name, e-mail and role, by the heading if there is one, else in this order; e-mail and role
 * may be missing.
 * @param role of those whose line names none
 * @param mayGive whether whoever adds them may give this role
 * @returns who can be added, and what is wrong with each line that is wrong; at most `LIMITS.listedPeople` lines are read
 */
export function readPeople(
  text: string,
  role: Exclude<Role, 'head'>,
  mayGive: (role: Role) => boolean,
): PreviewView & { tooMany: boolean } {
  const people: ListedPerson[] = [];
  const problems: Problem[] = [];
  const rows = rowsOf(text);
  if ('problem' in rows) return { people, problems: [rows.problem], tooMany: false };
  const { columns, hasHeading } = columnsOf(rows[0]?.fields ?? []);
  const listed = hasHeading ? rows.slice(1) : rows;
  const lineOf = new Map<string, number>();

  for (const { line, fields } of listed.slice(0, LIMITS.listedPeople)) {
    const report = (problem: LineProblem, earlier?: number): void => {
      const shown = fields.join(', ').slice(0, TEXT_SHOWN);
      problems.push({ line, text: shown, problem, ...(earlier !== undefined && { earlier }) });
    };
    const read = personIn(fields, columns, role, hasHeading);
    if (typeof read === 'string') {
      report(read);
      continue;
    }
    const earlier = read.email === undefined ? undefined : lineOf.get(read.email);
    if (earlier !== undefined) report('doubled', earlier);
    else if (!mayGive(read.role)) report('role_forbidden');
    else people.push({ line, ...read });
    if (read.email !== undefined && earlier === undefined) lineOf.set(read.email, line);
  }
  return { people, problems, tooMany: listed.length > LIMITS.listedPeople };
}

interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

function rowsOf(text: string): Row[] | { problem: Problem } {
  try {
    const records = parse(text, {
      bom: true,
      info: true,
      delimiter: DELIMITERS,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { record: string[]; info: Info }[];
    return records
      .map(({ record, info }) => ({ line: info.lines, fields: record }))
      .filter(({ fields }) => fields.some((field) => field !== ''));
  } catch (error) {
    const line = Number((error as CsvError).lines ?? 1);
    const shown = (text.split('\n')[line - 1] ?? '').trim().slice(0, TEXT_SHOWN);
    return { problem: { line, text: shown, problem: 'quote_open' } };
  }
}

function columnsOf(first: readonly string[]): { columns: Columns; hasHeading: boolean } {
  const columns: Partial<Record<keyof typeof HEADINGS, number>> = {};
  for (const [index, field] of first.entries()) {
    for (const [column, words] of Object.entries(HEADINGS)) {
      if (words.includes(field.toLowerCase())) columns[column as keyof typeof HEADINGS] = index;
    }
  }
  const hasHeading = columns.name !== undefined || columns.email !== undefined;
  return hasHeading ? { columns, hasHeading } : { columns: { name: 0, email: 1, role: 2 }, hasHeading };
}

function personIn(
  fields: readonly string[],
  columns: Columns,
  role: Exclude<Role, 'head'>,
  hasHeading: boolean,
): Omit<ListedPerson, 'line'> | LineProblem {
  if (fields.some((field) => field.includes(UNDECODED))) return 'encoding';
  if (!hasHeading && fields.slice(3).some((field) => field !== '')) return 'too_many_fields';
  const field = (column: keyof Columns): string => fields[columns[column] ?? -1] ?? '';
  const address = field('email');
  // Who has no name in the list is called as their mailbox is.
  const called = field('name') || address.split('@')[0] || '';
  if (called === '') return 'name_missing';
  if (!name.safeParse(called).success) return 'name_invalid';
  if (address !== '' && !email.safeParse(address).success) return 'email_invalid';
  const written = field('role');
  const given = written === '' ? role : roleOf(written);
  if (given === undefined) return 'role_unknown';
  return { name: called, role: given, ...(address !== '' && { email: address.toLowerCase() }) };
}

function roleOf(word: string): Role | undefined {
  const found = Object.entries(ROLE_WORDS).find(([, words]) => words.includes(word.toLowerCase()));
  return found?.[0] as Role | undefined;
}
