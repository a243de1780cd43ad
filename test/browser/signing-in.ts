import type { BrowserContext, Page } from 'playwright-core';
import type { Person } from '../actors/people.ts';
import { at } from './elements.ts';

/** Gives a browser this person's session, as if they had signed in there before. @param url the server's */
export async function bringSession(context: BrowserContext, { cookie }: Person, url: string): Promise<void> {
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value: decodeURIComponent(value), url }]);
}

/** Signs in by the form, on a page that offers signing up or in. It may still be at it when this returns. */
export async function signInOn(page: Page, login: string, password: string): Promise<void> {
  await at(page, 'switch-to-sign-in').click();
  await at(page, 'sign-in-email').fill(login);
  await at(page, 'sign-in-password').fill(password);
  await at(page, 'sign-in-submit').click();
}
