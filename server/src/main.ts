import { fileURLToPath } from 'node:url';
import { CLASSIC_KEEP_SECONDS } from '@pokers/protocol/classic';
import { LIMITS } from '@pokers/protocol/limits';
import { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { Accounts } from './accounts/accounts.ts';
import type { Bus } from './bus/bus.ts';
import type { Chat } from './chat/chat.ts';
import type { Config } from './config.ts';
import { ClassicDoor } from './doors/classic.ts';
import { httpDoor } from './doors/http/http-door.ts';
import { readWebClient } from './doors/http/web-client.ts';
import { Sockets } from './doors/sockets.ts';
import { V2Door } from './doors/v2.ts';
import { StartError } from './errors.ts';
import type { Connection } from './hub/connection.ts';
import { Hub, type Publish } from './hub/hub.ts';
import { createMetrics } from './metrics.ts';
import { openForReading } from './store/sqlite/database.ts';
import { folderSecret } from './store/sqlite/folder.ts';
import { SqliteStore } from './store/sqlite/sqlite-store.ts';
import { Writer } from './store/sqlite/writer.ts';
import { writerDialect } from './store/sqlite/writer-dialect.ts';

/** The built web client, as `npm run build` leaves it. */
const WEB_CLIENT = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** Largest request body that is read at all, in bytes; the API's own limit is smaller and answers with a code. */
const REQUEST_BYTES = 1024 * 1024;

const HOUR_MS = 60 * 60 * 1000;
const NONCE_SECONDS = LIMITS.nonceDays * 24 * 60 * 60;

export interface ServerParts {
  readonly bus: Bus;
  readonly log: Logger;
  /** Whether other processes listen on the same port. */
  readonly sharesPort: boolean;
  /** The metrics of all processes, where there are several; else this one's own are shown. */
  readonly gatherMetrics?: () => Promise<string>;
}

export interface RunningServer {
  readonly port: number;
  readonly hub: Hub;
  readonly metrics: Registry;
  /** Takes no more connections, sends everyone away to come back later, and closes the store. */
  stop(): Promise<void>;
}

/** One serving process, from the data folder (claimed and migrated) up. @throws StartError when the port is taken */
export async function startServer(
  config: Config,
  { bus, log, sharesPort, gatherMetrics }: ServerParts,
): Promise<RunningServer> {
  const onError = (error: unknown): void => log.error(error, 'a fault of ours');
  const writer = await Writer.start(config.data, (reason) => {
    if (reason)
      log.error(`the database cannot save: ${reason}. Posts are refused until it can; reading goes on.`);
    else log.info('the database can save again');
  });
  const reader = openForReading(config.data);
  const store = new SqliteStore(reader, writer);
  const accounts = new Accounts({
    db: new Kysely<unknown>({ dialect: writerDialect(writer, reader) }),
    secret: folderSecret(config.data),
    onLog: (level, message) => log[level](message),
  });

  const publish: Publish = (topic, frame) => {
    server.publish(topic, frame);
  };
  const hub = new Hub(store, publish, onError);
  bus.listen(hub);
  const chat: Chat = { store, bus, now: () => Math.floor(Date.now() / 1000) };

  const classic = new ClassicDoor(chat, hub, publish, config.classic === 'open');
  const v2 = new V2Door({ chat, hub, accounts, onError });
  const sockets = new Sockets({ doors: { classic, v2 }, hub, accounts, classic: config.classic, onError });
  const metrics = createMetrics({ hub, sockets, writer });
  const http = httpDoor({
    chat,
    accounts,
    webClient: readWebClient(WEB_CLIENT),
    metrics: gatherMetrics ?? (() => metrics.metrics()),
    onError,
  });

  const server = listen(config, sharesPort, {
    websocket: sockets.handler(),
    fetch: (request, server) =>
      request.headers.get('upgrade')?.toLowerCase() === 'websocket'
        ? sockets.upgrade(request, server)
        : http.fetch(request),
  });
  const timers = [
    setInterval(() => classic.keep(), CLASSIC_KEEP_SECONDS * 1000),
    setInterval(() => v2.sweep(), 1000),
    setInterval(() => store.forgetChanges(chat.now() - NONCE_SECONDS).catch(onError), HOUR_MS),
  ];

  return {
    port: server.port ?? config.port,
    hub,
    metrics,
    async stop() {
      for (const timer of timers) clearInterval(timer);
      const stopped = server.stop();
      sockets.closeAll();
      await Promise.race([stopped, Bun.sleep(2_000)]);
      await server.stop(true);
      await bus.close();
      await store.close();
    },
  };
}

type Handlers = Pick<Bun.Serve.Options<Connection>, never> & {
  websocket: Bun.WebSocketHandler<Connection>;
  fetch: (
    request: Request,
    server: Bun.Server<Connection>,
  ) => Response | Promise<Response> | Promise<Response | undefined>;
};

function listen({ port, host }: Config, reusePort: boolean, handlers: Handlers): Bun.Server<Connection> {
  try {
    return Bun.serve<Connection>({
      port,
      hostname: host,
      reusePort,
      maxRequestBodySize: REQUEST_BYTES,
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
  return new StartError(`Cannot listen on ${host} port ${port}: ${message}`, { cause });
}
