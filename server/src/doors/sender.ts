import ipaddr from 'ipaddr.js';
import type { Config } from '../config.ts';

/** Who sent a request, and how: as the line says, or a proxy that is trusted. */
export interface Sender {
  /** Undefined where the line is gone already. */
  readonly address: string | undefined;
  /** Whether it came by TLS. */
  readonly isSecure: boolean;
}

/** What a socket for both families puts before an IPv4 address. */
const MAPPED = /^::ffff:(?=\d+\.)/i;

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Tells who sent a request. What `X-Forwarded-For` and `X-Forwarded-Proto` say is believed only where the line comes
 * from a trusted proxy; of several addresses the right-most that is not itself a trusted proxy counts, because all that
 * stand to the left of it are a stranger's words.
 */
export class Senders {
  readonly #isTls: boolean;
  readonly #trusted: readonly ReturnType<typeof ipaddr.parseCIDR>[];

  constructor({ tls, trustProxy }: Pick<Config, 'tls' | 'trustProxy'>) {
    this.#isTls = tls !== undefined;
    this.#trusted = (trustProxy ?? []).map((range) => ipaddr.parseCIDR(range));
  }

  /** @param peer the address at the other end of the line */
  of({ headers }: Request, peer: string | undefined): Sender {
    const line = { address: peer?.replace(MAPPED, ''), isSecure: this.#isTls };
    if (this.#trusted.length === 0 || peer === undefined) return line;
    const proxy = addressOf(peer);
    if (!proxy || !this.#isTrusted(proxy)) return line;
    const protocol = headers.get('x-forwarded-proto');
    return {
      address: this.#clientOf(proxy, headers.get('x-forwarded-for') ?? '').toString(),
      isSecure: protocol === null ? this.#isTls : isHttps(protocol),
    };
  }

  /** Where an entry is no address, the proxy that passed it on counts. */
  #clientOf(proxy: Address, forwardedFor: string): Address {
    let client = proxy;
    for (const entry of forwardedFor.split(',').reverse()) {
      const next = this.#isTrusted(client) ? addressOf(withoutPort(entry.trim())) : undefined;
      if (!next) break;
      client = next;
    }
    return client;
  }

  #isTrusted(address: Address): boolean {
    return this.#trusted.some((range) => address.kind() === range[0].kind() && address.match(range));
  }
}

/** An IPv4 address may come written as IPv6. */
function addressOf(text: string): Address | undefined {
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
  return isAddress ? ipaddr.process(text) : undefined;
}

/** Some proxies add the client's port. */
function withoutPort(entry: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry;
}

/** Several proxies may have added their word: all of the way must be TLS. */
function isHttps(protocols: string): boolean {
  return protocols.split(',').every((protocol) => protocol.trim().toLowerCase() === 'https');
}
