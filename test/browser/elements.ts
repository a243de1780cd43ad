import type { Locator, Page } from 'playwright-core';

/** What the page calls by this name (`data-testid`). */
export const at = (page: Page, id: string): Locator => page.getByTestId(id);

/** The messages with this text. */
export const message = (page: Page, text: string): Locator => at(page, 'message').filter({ hasText: text });
