import { expect } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import type { Person } from '../actors/people.ts';
import { type Look, openChromium, openPage, type Visitor } from './chromium.ts';
import { bringSession } from './signing-in.ts';

/** A Chromium in which each person has a browser of their own, and whose consoles have nothing to complain of. */
export class Visitors {
  readonly #browser: Browser;
  readonly #url: string;
  #present: Visitor[] = [];
  readonly #complaints: (readonly string[])[] = [];

  private constructor(browser: Browser, url: string) {
    this.#browser = browser;
    this.#url = url;
  }

  /** @param url the server's */
  static async to(url: string): Promise<Visitors> {
    return new Visitors(await openChromium(), url);
  }

  /** Someone in a browser of their own, signed in if they are named, before they have opened anything. */
  async come(who: Person | undefined, look: Look = {}): Promise<Visitor> {
    const visitor = await openPage(this.#browser, this.#url, look);
    this.#present.push(visitor);
    this.#complaints.push(visitor.complaints);
    if (who) await bringSession(visitor.context, who, this.#url);
    return visitor;
  }

  /** These people's browsers are closed. Fails where anybody's had to complain until now. */
  async leave(...pages: readonly Page[]): Promise<void> {
    await this.#close(({ page }) => pages.includes(page));
    expect(this.complaints).toEqual([]);
  }

  /** All of the browsers are closed, but one. */
  async leaveAll(but?: Page): Promise<void> {
    await this.#close(({ page }) => page !== but);
  }

  /** What the consoles of all who came have written. */
  get complaints(): string[] {
    return this.#complaints.flat();
  }

  /** All of the browsers are closed. @returns what their consoles wrote, which is forgotten */
  async sendAway(): Promise<string[]> {
    await this.leaveAll();
    return this.#complaints.splice(0).flat();
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  async #close(goes: (visitor: Visitor) => boolean): Promise<void> {
    const going = this.#present.filter(goes);
    this.#present = this.#present.filter((visitor) => !going.includes(visitor));
    for (const { context } of going) await context.close();
  }
}
