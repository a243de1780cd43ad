import type { Server, WebSocketHandler } from 'bun';
import type { Config } from './config.ts';
import { StartError } from './errors.ts';
import type { Connection } from './hub/connection.ts';
import { readCertificate } from './tls.ts';

/** Largest request body that is read at all, in bytes; the API's own limit is smaller and answers with a code. */
const REQUEST_BYTES = 1024 * 1024;

/** Seconds of silence after which an HTTP connection is closed, be it between requests or in the midst of a body. */
export const HTTP_IDLE_SECONDS = 10;

export interface Handlers {
  readonly websocket: WebSocketHandler<Connection>;
  /** Undefined for a request that became a socket. */
  readonly fetch: (
    request: Request,
    server: Server<Connection>,
  ) => Response | undefined | Promise<Response | undefined>;
}

/** @throws StartError when the port or the certificate cannot be had */
export function listen(
  { port, host, tls }: Config,
  reusePort: boolean,
  handlers: Handlers,
): Server<Connection> {
  const certificate = tls && readCertificate(tls);
  try {
    return Bun.serve<Connection>({
      ...(certificate && { tls: { cert: certificate.cert, key: certificate.key } }),
      port,
      hostname: host,
      reusePort,
      maxRequestBodySize: REQUEST_BYTES,
      idleTimeout: HTTP_IDLE_SECONDS,
      websocket: handlers.websocket,
      fetch: (request, server) => handlers.fetch(request, server) as Promise<Response>,
    });
  } catch (cause) {
    throw cannotListen(host, port, cause);
  }
}

/** Why a port could not be had, as the command line says it. */
export function cannotListen(host: string, port: number, cause: unknown): StartError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new StartError(
      `Port ${port} on ${host} is in use. Stop what uses it, or choose another with --port.`,
      { cause },
    );
  }
  if (code === 'EACCES') {
    return new StartError(
      `Port ${port} on ${host} may not be used by this account. Choose one above 1023 with --port.`,
      { cause },
    );
  }
  return new StartError(
    `Cannot listen on ${host} port ${port}: ${message}. Is that an address of this machine? Choose one with --host.`,
    { cause },
  );
}
