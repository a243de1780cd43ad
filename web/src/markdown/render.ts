import { Fragment, h, type VNode, type VNodeArrayChildren } from 'vue';
import { linkify, safeUrl } from '../conversation/linkify.ts';
import CodeBlock from './CodeBlock.vue';
import { type Called, withCalled } from './called.ts';
import MathFormula from './MathFormula.vue';
import type { Token } from './parse.ts';

/** What the tokens do not say. */
export interface Surroundings {
  /** What a box of a task list says to those who hear it. */
  readonly done: string;
  readonly open: string;
  /** Whom the message mentions. */
  readonly called: readonly Called[];
}

/** The elements that a message may have, and no others. Titles are lines of weight, not part of the page's outline. */
const ELEMENTS: Readonly<Record<string, string>> = {
  p: 'p',
  strong: 'strong',
  em: 'em',
  s: 's',
  blockquote: 'blockquote',
  ul: 'ul',
  ol: 'ol',
  li: 'li',
  h1: 'p',
  h2: 'p',
  h3: 'p',
  h4: 'p',
  h5: 'p',
  h6: 'p',
  table: 'table',
  thead: 'thead',
  tbody: 'tbody',
  tr: 'tr',
  th: 'th',
  td: 'td',
};

/** Builds the elements of a message from its tokens: no HTML is ever parsed, so nothing that someone wrote becomes any. */
export function renderTokens(tokens: readonly Token[], around: Surroundings): VNodeArrayChildren {
  let at = 0;

  function until(close: string | undefined, isInLink: boolean): VNodeArrayChildren {
    const nodes: VNodeArrayChildren = [];
    while (at < tokens.length) {
      const token = tokens[at++];
      if (!token || token.type === close) break;
      nodes.push(nodeOf(token, isInLink));
    }
    return nodes;
  }

  function nodeOf(token: Token, isInLink: boolean): VNode | string | VNodeArrayChildren {
    if (token.nesting === 1) {
      const children = until(token.type.replace(/_open$/, '_close'), isInLink || token.type === 'link_open');
      return element(token, children);
    }
    switch (token.type) {
      case 'inline':
        return isTask() ? task(token, around) : renderTokens(token.children ?? [], around);
      case 'text':
        return isInLink ? token.content : linked(token.content, around.called);
      case 'softbreak':
      case 'hardbreak':
        return h('br');
      case 'hr':
        return h('hr');
      case 'code_inline':
        return h('code', token.content);
      case 'fence':
        return h(CodeBlock, {
          code: token.content.replace(/\n$/, ''),
          language: token.info.trim().split(/\s/)[0] ?? '',
        });
      case 'formula':
        return h(MathFormula, { formula: token.content, source: token.markup, block: token.block });
      default:
        return token.content;
    }
  }

  /** Whether the inline token that was just taken begins an item of a list. */
  function isTask(): boolean {
    return tokens[at - 2]?.type === 'paragraph_open' && tokens[at - 3]?.type === 'list_item_open';
  }

  return until(undefined, false);
}

function element(token: Token, children: VNodeArrayChildren): VNode {
  if (token.type === 'link_open') {
    const href = safeUrl(String(token.attrGet('href') ?? ''), location.href);
    return href === undefined ? h(Fragment, children) : h('a', { ...LINK, href, title: href }, children);
  }
  const name = ELEMENTS[token.tag];
  if (name === undefined || token.hidden) return h(Fragment, children);
  if (token.tag === 'table') return h('div', { class: 'table', tabindex: 0 }, [h('table', children)]);
  if (token.tag === 'ol') return h('ol', { start: token.attrGet('start') }, children);
  if (/^h\d$/.test(token.tag)) return h('p', { class: ['title', token.tag] }, children);
  const [align] = /left|right|center/.exec(String(token.attrGet('style') ?? '')) ?? [];
  return h(name, align ? { class: align } : null, children);
}

/** An item that begins with `[ ]` or `[x]` has a box, which shows and does nothing. */
function task({ children, content }: Token, around: Surroundings): VNodeArrayChildren {
  const [mark, sign] = /^\[([ xX])\] /.exec(content) ?? [];
  const first = children?.[0];
  if (mark === undefined || !first?.content.startsWith(mark)) return renderTokens(children ?? [], around);
  const isDone = sign !== ' ';
  const box = h(
    'span',
    { class: 'box', role: 'img', 'aria-label': isDone ? around.done : around.open },
    isDone ? '☑' : '☐',
  );
  const rest = linked(first.content.slice(mark.length), around.called);
  return [box, ' ', rest, renderTokens(children?.slice(1) ?? [], around)];
}

const LINK = { target: '_blank', rel: 'noopener noreferrer nofollow' };

/** Words, with what in them is an address to follow, or someone who is called. */
function linked(text: string, called: readonly Called[]): VNodeArrayChildren {
  return linkify(text).map(({ text: words, href }) =>
    href === undefined ? withCalled(words, called) : h('a', { ...LINK, href }, words),
  );
}
