/** A table; its cells are Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A frame as it is on the wire, in a block of its own. */
export function frame(value: string | object): string {
  return ['```json', typeof value === 'string' ? value : JSON.stringify(value), '```'].join('\n');
}

export function code(text: string | number): string {
  return `\`${text}\``;
}
