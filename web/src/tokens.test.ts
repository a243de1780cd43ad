import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';

/** The least contrast of text on its ground, and of the edge of a field: WCAG 2.2, AA. */
const TEXT = 4.5;
const EDGE = 3;

const GROUNDS = [
  'ground',
  'ground-side',
  'ground-raised',
  'ground-hover',
  'ground-selected',
  'ground-bubble',
  'accent-soft',
];
const TINTS = [0, 1, 2, 3, 4, 5, 6, 7];

const PAIRS: readonly (readonly [ink: string, ground: string, least: number])[] = [
  ...GROUNDS.flatMap((ground) => [
    ['ink', ground, TEXT] as const,
    ['ink-muted', ground, TEXT] as const,
    ['accent', ground, TEXT] as const,
  ]),
  ...TINTS.map((tint) => [`tint-${tint}-ink`, `tint-${tint}`, TEXT] as const),
  ['on-accent', 'accent', TEXT],
  ['on-accent', 'accent-strong', TEXT],
  ['danger', 'ground', TEXT],
  ['danger', 'ground-side', TEXT],
  ['danger', 'ground-raised', TEXT],
  ['warning-ink', 'warning-ground', TEXT],
  ['line-field', 'ground', EDGE],
  ['line-field', 'ground-side', EDGE],
  ['line-field', 'ground-raised', EDGE],
];

for (const [theme, index] of [
  ['light', 1],
  ['dark', 2],
] as const) {
  test(`Everything can be read in the ${theme} theme`, () => {
    const colours = readColours(index);
    const failing = PAIRS.filter(
      ([ink, ground, least]) => contrast(colours.get(ink), colours.get(ground)) < least,
    );
    expect(failing).toEqual([]);
  });
}

function readColours(index: 1 | 2): Map<string, string> {
  const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
  const tokens = css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g);
  return new Map([...tokens].map((token) => [token[1] ?? '', token[index + 1] ?? '']));
}

function contrast(a = '', b = ''): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
