import type { OidcOptions } from './accounts/oidc.ts';
import type { FilesPlace } from './files/place.ts';
import type { Caps } from './limits/caps.ts';
import type { PushOptions } from './push/push.ts';

/** Who classic frames are believed to come from: the session's user, whoever they say (`open`), or the door is shut. */
export const CLASSIC_MODES = ['session', 'open', 'off'] as const;
export type ClassicMode = (typeof CLASSIC_MODES)[number];

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export interface Config {
  /** TCP port; 0 takes a free one. */
  readonly port: number;
  /** Address to listen on; 0.0.0.0 for all. */
  readonly host: string;
  /** The folder that holds everything durable. */
  readonly data: string;
  /** The PostgreSQL that holds it in the folder's place, as a URL; undefined: SQLite in the folder. */
  readonly database?: string;
  /** Where files are that people upload; undefined: in the folder `files` of `data`. */
  readonly files?: FilesPlace;
  /** Processes that share the port. */
  readonly workers: number;
  /** The Redis that carries events between processes, as a URL; undefined: they are all on this machine. */
  readonly bus?: string;
  readonly classic: ClassicMode;
  /** What the server's link carries, for all processes together, in bytes a second; undefined: not to be limited. */
  readonly egress?: number;
  /** Files in PEM: the certificate with its chain, and its key. Undefined: HTTP without TLS. */
  readonly tls?: TlsFiles;
  /** Addresses and CIDR ranges of proxies that are believed when they say who sent a request, and how. */
  readonly trustProxy?: readonly string[];
  /** Where people find this server, such as `https://chat.example.org`; undefined: where the request was sent to. */
  readonly url?: string;
  /** The sign-in service, where there is one. */
  readonly oidc?: OidcOptions;
  /** How mails leave, where they do: only with `url`, which is written into them. */
  readonly smtp?: { readonly url: string; readonly from: string };
  /** For tests: other waits of notifications, and push services on this machine. */
  readonly push?: PushOptions;
  /** What one client, and all of them together, may do. */
  readonly caps: Caps;
}

export const DEFAULTS: Omit<Config, 'caps'> = {
  port: 2000,
  host: '127.0.0.1',
  data: './data',
  workers: 1,
  classic: 'session',
};

/** Most worker processes: beyond the cores of any machine this is meant for. */
export const WORKERS_MAX = 64;
