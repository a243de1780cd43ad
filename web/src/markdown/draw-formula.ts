import katex from 'katex';
import 'katex/dist/katex.min.css';

/**
 * Draws a formula into an element, for eyes and (as MathML) for ears. Its commands reach nothing but the formula: no
 * links, no pictures, no styles of their own. Throws where it is none.
 */
export function drawFormula(formula: string, into: HTMLElement, block: boolean): void {
  katex.render(formula, into, {
    displayMode: block,
    throwOnError: true,
    strict: 'ignore',
    trust: false,
    maxExpand: 200,
    maxSize: 10,
  });
}
