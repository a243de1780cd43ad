import type { AddedView } from '@pokers/protocol/classes';
import { linkTo } from './link.ts';

/**
 * What each person gets, as a CSV that spreadsheets open as it is: with a byte order mark, since they guess the encoding
 * else, and with nothing that begins like a formula.
 */
export function peopleCsv(people: AddedView['people']): string {
  const rows = people.map(({ name, email, token, password }) =>
    [name, email ?? '', token === undefined ? (password ?? '') : linkTo(token)].map(cell).join(),
  );
  return `\uFEFF${rows.join('\r\n')}\r\n`;
}

function cell(words: string): string {
  return `"${words.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
}
