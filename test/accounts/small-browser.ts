/** Follows redirects from server to server as a browser does, with cookies for each. */
export class SmallBrowser {
  /** By origin: names and values. */
  readonly cookies = new Map<string, Map<string, string>>();

  /** @returns the addresses that it came by, the last one being where it stays */
  async visit(address: string): Promise<{ trail: URL[]; response: Response }> {
    const trail = [new URL(address)];
    for (let hops = 0; hops < 20; hops++) {
      const url = trail.at(-1) ?? new URL(address);
      const response = await fetch(url, { redirect: 'manual', headers: { cookie: this.#cookiesFor(url) } });
      this.#keep(url, response);
      const location = response.headers.get('location');
      if (location === null) return { trail, response };
      trail.push(new URL(location, url));
    }
    throw new Error('there is no end to the redirects');
  }

  #cookiesFor({ origin }: URL): string {
    return [...(this.cookies.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep({ origin }: URL, response: Response): void {
    const jar = this.cookies.get(origin) ?? new Map<string, string>();
    this.cookies.set(origin, jar);
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
  }
}
