import { InvalidArgumentError } from 'commander';
import ipaddr from 'ipaddr.js';

/** What `--trust-proxy` stands for without an argument: proxies on this machine. */
export const LOOPBACK = 'loopback';
const LOOPBACK_RANGES = ['127.0.0.0/8', '::1/128'];

/**
 * Addresses and CIDR ranges, separated by commas; `loopback` stands for those of this machine.
 * @throws InvalidArgumentError
 */
export function proxyRanges(text: string): string[] {
  return text.split(',').flatMap((part) => {
    const range = part.trim();
    if (range === LOOPBACK) return LOOPBACK_RANGES;
    if (isAddress(range)) return [`${range}/${range.includes(':') ? 128 : 32}`];
    if (isRange(range)) return [range];
    throw new InvalidArgumentError(
      `It must be addresses or ranges such as 10.0.0.0/8 or ::1, separated by commas, or ${LOOPBACK}.`,
    );
  });
}

function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

function isRange(text: string): boolean {
  return ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || ipaddr.IPv6.isValidCIDR(text);
}
