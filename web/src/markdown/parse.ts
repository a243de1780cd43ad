import MarkdownIt, { type StateBlock, type StateInline, type Token } from 'markdown-it';
import { scanDelimiters } from './flanking.ts';

export type { Token };

/** Longest formula that is shown as one, in UTF-16 units. */
const LONGEST_FORMULA = 2_000;
/** The parser would drop what is nested deeper; before that nothing is nested further. An item of a list takes two. */
const MAX_NESTING = 20;
const DEEPEST = 12;

const parser = makeParser();

/**
 * The tokens of a message in Markdown: CommonMark with tables, task lists, ~~struck~~ words and formulas, as people chat.
 * No HTML, no pictures, no references; a line ends where its writer ended it.
 */
export function parseMarkdown(text: string): Token[] {
  return parser.parse(text, {});
}

function makeParser() {
  const md = new MarkdownIt({ html: false, linkify: false, breaks: true, maxNesting: MAX_NESTING });
  // Indented code, titles by underlining and entities would take what people meant as it stands.
  md.disable(['html_block', 'html_inline', 'image', 'reference', 'lheading', 'code', 'entity']);
  md.inline.State = class extends md.inline.State {
    override scanDelims(start: number): ReturnType<StateInline['scanDelims']> {
      return scanDelimiters(this.src, start, this.posMax);
    }
  };
  md.inline.ruler.before('escape', 'formula', inlineFormula);
  md.inline.ruler.before('link', 'address', address);
  md.block.ruler.before('table', 'deep', deep);
  md.block.ruler.before('fence', 'tilde', tildes);
  md.block.ruler.before('blockquote', 'face', faces, { alt: ['paragraph', 'blockquote', 'list'] });
  md.block.ruler.before('fence', 'formulas', blockFormula, { alt: ['paragraph', 'blockquote', 'list'] });
  return md;
}

/** `$x$` with no blank inside its ends and no digit behind it, so that "$5 or $6" stays money; and `\(x\)`, `$$x$$`. */
const INLINE_FORMULA =
  /\$\$([^$]+)\$\$|\$(?!\s)((?:\\.|[^$\\\n])+)\$(?!\d)|\\\((.+?)\\\)|\\\[([\s\S]+?)\\\]/y;

function inlineFormula(state: StateInline, silent: boolean): boolean {
  const first = state.src.charAt(state.pos);
  if (first !== '$' && first !== '\\') return false;
  INLINE_FORMULA.lastIndex = state.pos;
  const match = INLINE_FORMULA.exec(state.src);
  if (!match || match.index + match[0].length > state.posMax) return false;
  const [whole, double, single, round, square] = match;
  const formula = double ?? single ?? round ?? square ?? '';
  if (formula.trim() === '' || formula.length > LONGEST_FORMULA || /\s$/.test(single ?? '')) return false;
  if (!silent) pushFormula(state, formula.trim(), whole, double !== undefined || square !== undefined);
  state.pos += whole.length;
  return true;
}

/** `$$` on lines of their own around a formula. */
function blockFormula(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const lineOf = (line: number): string =>
    state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line] ?? 0).trim();
  if (lineOf(start) !== '$$') return false;
  let last = start + 1;
  while (last < end && lineOf(last) !== '$$') last++;
  if (last >= end) return false;
  if (silent) return true;
  const formula = state.getLines(start + 1, last, state.blkIndent, false).trim();
  pushFormula(state, formula, `$$\n${formula}\n$$`, true);
  state.line = last + 1;
  return true;
}

function pushFormula(state: StateInline | StateBlock, formula: string, source: string, block: boolean): void {
  const token = state.push('formula', '', 0);
  token.content = formula;
  token.markup = source;
  token.block = block;
}

/** A bare address is one word: what looks like emphasis in it is none. The text's own links are found when it is shown. */
const ADDRESS = /:\/\/[^\s<>"'`[\]\u2018-\u201f\u3000-\u303f\u3400-\u9fff\uff00-\uffef]{1,2000}/iy;

function address(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  if (src.charAt(pos) !== ':' || !/(?:^|[^a-z0-9])https?$/i.test(src.slice(Math.max(0, pos - 6), pos)))
    return false;
  ADDRESS.lastIndex = pos;
  const [found] = ADDRESS.exec(src) ?? [];
  if (found === undefined) return false;
  const end = Math.min(state.posMax, pos + found.replace(/[*_~)]+$/, '').length);
  if (!silent) state.pending += src.slice(pos, end);
  state.pos = end;
  return true;
}

/** Quotes in quotes in quotes end somewhere: from there on each line stands as it was written. */
function deep(state: StateBlock, line: number, _end: number, silent: boolean): boolean {
  return state.level >= DEEPEST && !silent && paragraphOf(state, line);
}

/** ~~~ begins a tone of voice, not a block of code: the line is a paragraph. */
function tildes(state: StateBlock, line: number, _end: number, silent: boolean): boolean {
  return beginsWith(state, line, /~~~/y) && !silent && paragraphOf(state, line);
}

/** >_< and >.< are faces; a quote has a space behind its mark. */
function faces(state: StateBlock, line: number, _end: number, silent: boolean): boolean {
  return beginsWith(state, line, />[^\s>]/y) && !silent && paragraphOf(state, line);
}

function beginsWith(state: StateBlock, line: number, mark: RegExp): boolean {
  mark.lastIndex = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
  return mark.test(state.src);
}

function paragraphOf(state: StateBlock, line: number): boolean {
  state.push('paragraph_open', 'p', 1);
  const inline = state.push('inline', '', 0);
  inline.content = state.getLines(line, line + 1, state.blkIndent, false).trim();
  inline.children = [];
  state.push('paragraph_close', 'p', -1);
  state.line = line + 1;
  return true;
}
