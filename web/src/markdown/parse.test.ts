import { expect, test } from 'bun:test';
import { hasMarkup } from './has-markup.ts';
import { parseMarkdown, type Token } from './parse.ts';

/** What was made of a text, in short: tags around words. */
function told(text: string): string {
  const tell = (tokens: readonly Token[]): string =>
    tokens
      .map((token) => {
        if (token.type === 'inline') return tell(token.children ?? []);
        if (token.type === 'text') return token.content;
        if (token.type === 'softbreak' || token.type === 'hardbreak') return '⏎';
        if (token.type === 'paragraph_open' || token.type === 'paragraph_close') return '';
        if (token.nesting === 0) return `<${token.tag || token.type}>${token.content}</>`;
        return token.nesting === 1 ? `<${token.tag}>` : '</>';
      })
      .join('');
  return tell(parseMarkdown(text));
}

test('The usual marks', () => {
  expect(told('**bold** and *slanted* and `code` and ~~gone~~')).toBe(
    '<strong>bold</> and <em>slanted</> and <code>code</> and <s>gone</>',
  );
  expect(told('# Title')).toBe('<h1>Title</>');
  expect(told('- one\n- two')).toBe('<ul><li>one</><li>two</></>');
  expect(told('3. three')).toBe('<ol><li>three</></>');
  expect(told('> quoted\n> on')).toBe('<blockquote>quoted⏎on</>');
  expect(told('```js\nlet a;\n```')).toBe('<code>let a;\n</>');
  expect(told('| a | b |\n|---|---|\n| 1 | 2 |')).toContain('<td>1</>');
  expect(told('a\nb')).toBe('a⏎b');
});

test('Beside Chinese, stars need no spaces', () => {
  expect(told('这是**重点**内容')).toBe('这是<strong>重点</>内容');
  expect(told('**注意：**明天交')).toBe('<strong>注意：</>明天交');
  expect(told('请看**《论语》**第一章')).toBe('请看<strong>《论语》</>第一章');
  expect(told('**第1题**和*第2题*')).toBe('<strong>第1题</>和<em>第2题</>');
});

test('What people chat stays as they wrote it', () => {
  for (const text of [
    '2*3*4=24',
    'f(x)*g(x)*h(x)',
    '2 * 3 * 4',
    'snake_case_name',
    'T_T ^_^ -_- and -_-',
    '*^_^*',
    '._. hmm ._.',
    '>_<',
    '>.< oh',
    '好呀~~明天见~~',
    '~~~哈哈',
    '好的~~~',
    'Tom &amp; &lt;b&gt;',
    '    four spaces',
    '$5 or $6',
    '$5-$6',
    'a | b',
    'it costs $',
    '<b>not bold</b>',
    '![picture](https://example.org/a.png)',
  ]) {
    if (text.startsWith('!')) expect(told(text)).toBe('!<a>picture</>');
    else expect(told(text)).toBe(text.trim());
  }
});

test('An address is one word, and a title under a line is none', () => {
  expect(told('see https://example.org/__init__/a*b*c ok')).toBe('see https://example.org/__init__/a*b*c ok');
  expect(told('**https://example.org/a_b**')).toBe('<strong>https://example.org/a_b</>');
  expect(told('[https://a.org](https://b.org)')).toBe('<a>https://a.org</>');
  expect(told('Title\n===')).toBe('Title⏎===');
});

test('What is nested deeper than is shown is not lost', () => {
  for (const mark of ['> ', '- ', '1. ', '> - ']) {
    expect(told(`${mark.repeat(60)}the end\nand after`)).toContain('the end');
    expect(told(`${mark.repeat(60)}the end\n\nand after`)).toContain('and after');
  }
});

test('Formulas', () => {
  expect(told('so $x^2$ is')).toBe('so <formula>x^2</> is');
  expect(told('因为$a_1*b_2*c$所以')).toBe('因为<formula>a_1*b_2*c</>所以');
  expect(told('\\(a\\) and \\[b\\]')).toBe('<formula>a</> and <formula>b</>');
  expect(told('$$\n\\frac{1}{2}\n$$')).toBe('<formula>\\frac{1}{2}</>');
  expect(told('`$x$`')).toBe('<code>$x$</>');
});

test('Whatever has markup is known to before it is parsed', () => {
  const marked = ['**a**', '*a*', '_a_', '`a`', '~~a~~', '# a', '- a', '1. a', '> a', '[a](b)', '$x$'];
  marked.push('\\(x\\)', '| a |\n|---|', '```\na\n```', '---', '<https://a.b>', 'a\n- b', '这是*重点*');
  for (const text of marked) expect({ text, has: hasMarkup(text) }).toEqual({ text, has: true });
  for (const text of [
    'hello',
    '你好！',
    'a_b',
    '1.5',
    '2 * 3',
    '2*3*4',
    'https://example.org/a_b',
    '-1',
    '#1',
  ])
    expect({ text, has: hasMarkup(text) }).toEqual({ text, has: false });
});

test('Texts that are made to be slow are not', () => {
  const nasty = [
    '[',
    '(',
    '*a',
    '_a ',
    '`a',
    '> ',
    '- ',
    '**a *',
    '![',
    '<',
    '$',
    '\\(',
    '|',
    '~~a',
    '&',
    '[a](<',
    '"[](',
  ];
  for (const piece of nasty) {
    const text = piece.repeat(Math.ceil(8_000 / piece.length)).slice(0, 8_000);
    const began = performance.now();
    parseMarkdown(text);
    expect({ piece, isFast: performance.now() - began < 1_000 }).toEqual({ piece, isFast: true });
  }
});
