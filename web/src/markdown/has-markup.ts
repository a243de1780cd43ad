/** What a line begins with that stands for more than itself: a heading, a quote, a list, a table, a rule, code. */
const BLOCK = /^ {0,3}(?:#{1,6} |> |[-*+] |\d{1,9}[.)] |```|(?:-{3,}|\*{3,}|_{3,}) *$|.*\|.*\n[ |:-]*--)/m;
/** And what does inside a line. */
const INLINE = /`|(?:^|[^A-Za-z0-9])\*\S|\*[^\sA-Za-z0-9]|~~\S|(?:^|[^\w])_\S|\]\(|\\[([]|\$\S|<https?:/m;

/** Whether a text may be more than words: only then is loaded what shows that. It may say yes too often, and never no. */
export function hasMarkup(text: string): boolean {
  return INLINE.test(text) || BLOCK.test(text);
}
