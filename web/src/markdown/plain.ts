/** Marks of Markdown and what stays of each, as far as an excerpt of a line or two needs it. */
const MARKS: readonly (readonly [RegExp, string])[] = [
  [/^ {0,3}(?:```|~~~).*$/gm, ''],
  [/^ {0,3}(?:#{1,6} |> |[-*+] (?:\[[ xX]\] )?|\d{1,9}[.)] )+/gm, ''],
  [/^[ :|-]*--[ :|-]*$|^ {0,3}(?:\*{3,}|_{3,}) *$/gm, ''],
  [/^\|(?: *:?-+:? *\|)+ *$/gm, ''],
  [/\[([^\]\n]{1,300})\]\([^)\s]{1,2000}\)/g, '$1'],
  [/\*\*(\S|\S[^\n]{0,2000}?\S)\*\*/g, '$1'],
  [/(^|\W)__(\S|\S[^\n]{0,2000}?\S)__(?!\w)/g, '$1$2'],
  [/~~(\S|\S[^\n]{0,2000}?\S)~~/g, '$1'],
  [/(^|[^\w*])\*([^\s*]|[^\s*][^*\n]{0,2000}?[^\s*])\*(?![\w*])/g, '$1$2'],
  [/(^|\W)_([^\s_]|[^\s_][^_\n]{0,2000}?[^\s_])_(?!\w)/g, '$1$2'],
  [/`{1,2}([^`\n]{1,2000})`{1,2}/g, '$1'],
];

/** So much of a message is looked at: more is never shown in a line or two. In UTF-16 units. */
const LONGEST = 500;

/** The words of a message in one line, without its marks: for quotes and lists, not for reading it. */
export function plainExcerpt(text: string): string {
  const words = MARKS.reduce((rest, [mark, stays]) => rest.replace(mark, stays), text.slice(0, LONGEST));
  return words.replace(/\s+/g, ' ').trim();
}
