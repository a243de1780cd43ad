import { expect } from 'bun:test';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const AXE = readFileSync(Bun.resolveSync('axe-core/axe.min.js', import.meta.dir), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Fails where axe finds something on the page that keeps people out, in the light and in the dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // The debugger's own way in, which the page's content security policy does not concern.
    await page.evaluate(AXE);
    const found = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)');
    const told = found.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
    }));
    expect({ colorScheme, path: new URL(page.url()).pathname, told }).toMatchObject({ told: [] });
  }
}
