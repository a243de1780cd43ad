import { isIP } from 'node:net';
import type { RedisOptions } from 'ioredis';
import { UsageError } from '../../errors.ts';

const DEFAULT_PORT = 6379;

/** Where a Redis server is, and how one is let in. */
export interface RedisAddress {
  /** `host:port`: what may be shown. */
  readonly name: string;
  readonly options: RedisOptions;
  /** Channels are common to all databases of a server, so the number tells installations apart by their names. */
  readonly db: number;
}

/** Reads `redis://user:password@host:port/db`, or `rediss://` for TLS. @throws UsageError */
export function redisAddress(text: string): RedisAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const db = Number(url?.pathname.slice(1) || 0);
  const isKnown = url?.protocol === 'redis:' || url?.protocol === 'rediss:';
  if (!url || !isKnown || url.hostname === '' || !Number.isSafeInteger(db) || db < 0) {
    throw new UsageError('The bus must be given as redis://HOST:PORT/DB or rediss://…; see --bus in --help.');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || DEFAULT_PORT);
  return {
    name: nameOf(host, port),
    db,
    options: {
      host,
      port,
      ...(url.username && { username: decodeURIComponent(url.username) }),
      ...(url.password && { password: decodeURIComponent(url.password) }),
      ...(url.protocol === 'rediss:' && { tls: tlsTo(host) }),
    },
  };
}

/** Another server of the same cluster: let in like the first. */
export function siblingOf({ options, db }: RedisAddress, name: string): RedisAddress {
  const colon = name.lastIndexOf(':');
  const host = name.slice(0, colon);
  const tls = options.tls && { tls: tlsTo(host) };
  return { name, db, options: { ...options, host, port: Number(name.slice(colon + 1)), ...tls } };
}

/** An IP address is no name that could be asked for: the certificate must name the address itself. */
function tlsTo(host: string): NonNullable<RedisOptions['tls']> {
  return isIP(host) ? {} : { servername: host };
}

export function nameOf(host: string, port: number): string {
  return `${host}:${port}`;
}
