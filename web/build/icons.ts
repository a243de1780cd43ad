/** Draws the icons of the installed client from the mark in `public/favicon.svg`: npx bun web/build/icons.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openChromium } from '../../test/browser/chromium.ts';

const PUBLIC = join(import.meta.dirname, '../public');
const mark = readFileSync(join(PUBLIC, 'favicon.svg'), 'utf8');
const paths = mark.match(/<path[^>]*>/g)?.join('') ?? '';

/** The ground without round corners, and the mark so small that a round mask cuts nothing off it. */
const maskable = svg(`<rect width="32" height="32" fill="#1b6b50"/>
  <g transform="translate(16 16) scale(.72) translate(-16 -16)">${paths}</g>`);
/** White on nothing: systems take its shape alone. */
const badge = svg(paths);

const ICONS = [
  { name: 'icon-192.png', size: 192, drawing: mark },
  { name: 'icon-512.png', size: 512, drawing: mark },
  { name: 'icon-maskable-512.png', size: 512, drawing: maskable },
  { name: 'icon-badge.png', size: 96, drawing: badge },
];

const browser = await openChromium();
for (const { name, size, drawing } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`,
  );
  writeFileSync(join(PUBLIC, name), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();

function svg(inner: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${inner}</svg>`;
}
