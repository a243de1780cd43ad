import { h, type VNode } from 'vue';

/** Someone whom a message mentions, by the name that stands in it. */
export interface Called {
  readonly name: string;
  readonly isReader: boolean;
}

/** The words with each `@Name` of someone who is mentioned made out; others that look alike stay as they are. */
export function withCalled(text: string, called: readonly Called[]): (string | VNode)[] {
  if (called.length === 0 || !text.includes('@')) return [text];
  const pieces: (string | VNode)[] = [];
  let end = 0;
  for (const match of text.matchAll(patternOf(called))) {
    if (match.index > end) pieces.push(text.slice(end, match.index));
    const reader = called.some(({ name, isReader }) => isReader && match[0] === `@${name}`);
    pieces.push(h('span', { class: ['called', { reader }], 'data-testid': 'called' }, match[0]));
    end = match.index + match[0].length;
  }
  return end < text.length ? [...pieces, text.slice(end)] : pieces;
}

/** The longest first: who calls @Lily does not call @Li. Chinese writes on after a name without a space. */
function patternOf(called: readonly Called[]): RegExp {
  const names = called.map(({ name }) => name).sort((a, b) => b.length - a.length);
  const written = names.map((name) => escaped(name) + (/\w$/.test(name) ? '(?!\\w)' : ''));
  return new RegExp(`@(?:${written.join('|')})`, 'gu');
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
