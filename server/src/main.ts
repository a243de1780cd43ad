import { fileURLToPath } from 'node:url';
import { CLASSIC_KEEP_SECONDS } from '@pokers/protocol/classic';
import type { Server } from 'bun';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import { accountServices } from './accounts/account-services.ts';
import { Asides } from './asides/asides.ts';
import type { Bus } from './bus/bus.ts';
import { Signals } from './bus/signals.ts';
import { readOffer } from './chat/accept-invitation.ts';
import type { Chat } from './chat/chat.ts';
import { forgetOld } from './chat/forget-old.ts';
import type { Config } from './config.ts';
import { ClassChanges } from './doors/class-changes.ts';
import { ClassicDoor } from './doors/classic.ts';
import { Handshakes } from './doors/handshakes.ts';
import { Downloads } from './doors/http/downloads.ts';
import { httpDoor } from './doors/http/http-door.ts';
import { InFlight } from './doors/http/in-flight.ts';
import { LongPolls } from './doors/http/long-polls.ts';
import { WebClient } from './doors/http/web-client.ts';
import { OwnNews } from './doors/own-news.ts';
import { Senders } from './doors/sender.ts';
import { Sockets } from './doors/sockets.ts';
import { V2Door } from './doors/v2.ts';
import { PokersError } from './errors.ts';
import type { Readable } from './files/files.ts';
import { openFiles } from './files/open-files.ts';
import { forgetFileDays, forgetStaged, sweepFiles } from './files/sweep-files.ts';
import { Connection } from './hub/connection.ts';
import { Egress } from './hub/egress.ts';
import { Hub, type Publish } from './hub/hub.ts';
import { payloadBytes } from './hub/pack.ts';
import { countedAddress } from './limits/address.ts';
import { createGuards } from './limits/guards.ts';
import { HTTP_IDLE_SECONDS, listen } from './listen.ts';
import { createMetrics } from './metrics.ts';
import { Nodes } from './presence/nodes.ts';
import { PUSH, Push } from './push/push.ts';
import { KeepingUp } from './search/keeping-up.ts';
import { openEngine } from './store/engines.ts';
import { forgetSearchChanges } from './store/search-changes.ts';

/** The built web client, as `npm run build` leaves it; for tests, another one. */
const WEB_CLIENT =
  process.env.POKERS_TEST_WEB_CLIENT ?? fileURLToPath(new URL('../../web/dist', import.meta.url));

/** How long, in ms, HTTP answers that are being made are waited for at the end, and then for all to reach the network. */
const ANSWER_MS = 4_000;
const FLUSH_MS = 1_000;

/** What Bun answers when it could not keep a frame for some reader. */
const DROPPED = 0;

const HOUR_MS = 60 * 60 * 1000;

/** How often it is looked whether the command line has ended sessions: with what follows, they end within a second. */
const OUTSIDE_MS = 500;
/** How often the files of deleted messages are removed, in ms; nobody gets them any more from the deletion on. */
const FILES_MS = 3_000;

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
  readonly metrics: Registry;
  /** Another process may have stored something that it told nobody of any more. */
  lookAgain(): void;
  /**
   * Takes no more connections, answers what is in hand, sends everyone away to come back later, and closes the store.
   * Takes at most some 7 s.
   */
  stop(): Promise<void>;
}

/** One serving process, from the data (claimed and migrated) up. @throws StartError when the port is taken */
export async function startServer(
  config: Config,
  { bus, log, sharesPort, gatherMetrics }: ServerParts,
): Promise<RunningServer> {
  const onError = (error: unknown): void => {
    // That it cannot be reached is said once, by whoever notices.
    const isSaid = error instanceof PokersError && error.error === 'store_unavailable' && !error.detail;
    if (!isSaid) log.error(error, 'a fault of ours');
  };
  const signals = new Signals(bus);
  const engine = await openEngine(config, {
    onTrouble(reason) {
      if (reason)
        return log.error(`the database cannot save: ${reason}. Posts are refused until it can be reached.`);
      log.info('the database can save again');
      // What was being saved when it failed may be there, and nobody was told.
      signals.send('store-back', {});
    },
  });
  const { store, searchIndex } = engine;
  const keepingUp = new KeepingUp(searchIndex, onError);
  const egress = new Egress((config.egress ?? Number.POSITIVE_INFINITY) / config.workers);
  Connection.egress = egress;
  const publish: Publish = (topic, frame) => {
    if (server.publish(topic, frame) === DROPPED) sockets.noteDropped();
    egress.frame(payloadBytes(frame), server.subscriberCount(topic));
  };
  const hub = new Hub({ store, bus, publish, egress, onError });
  const chat: Chat = {
    store,
    bus,
    now: () => Math.floor(Date.now() / 1000),
    onPosted(message) {
      push.posted(message);
      asides.news.posted(message);
    },
  };

  const guards = createGuards(config.caps, (isHigh, bytes) => {
    if (isHigh) log.warn({ bytes }, 'memory runs out: nobody is let in until there is more');
    else log.info({ bytes }, 'there is memory again');
  });
  const { pace } = guards;
  const keeping = openFiles(config, {
    chat,
    refusals: guards.refusals,
    onTrouble: (error) => log.warn(error, 'the place of files cannot be used'),
  });
  const services = accountServices({
    config,
    store: engine.accounts,
    records: store,
    signIns: guards.signIns,
    sessions: engine.sessions,
    db: engine.db,
    secret: engine.secret,
    isInvitation: (token) =>
      readOffer(chat, token).then(
        () => true,
        () => false,
      ),
    onSessionsEnded: (user) => bus.publish({ kind: 'sessions-ended', user }),
    onOutsideChange: () => {
      sockets.endSessions();
      classChanges.accountChanged();
    },
    onLog: (level, message) => log[level](message),
    onError,
    onProblem: (error) => log.warn(error, 'another service failed'),
  });
  const { accounts } = services;
  const push = new Push({
    store,
    options: config.push ?? PUSH,
    onError,
    onProblem: (error) => log.warn(error, 'a push service failed'),
  });
  const trusting = config.classic === 'open';
  const classic = new ClassicDoor({ chat, hub, publish, pace, trusting });
  const news = new OwnNews({ signals, open: () => sockets.open });
  const nodes = new Nodes(signals);
  const asides = new Asides({
    signals,
    nodes,
    store,
    hub,
    egress,
    publish,
    audience: (topic) => server.subscriberCount(topic),
    open: () => sockets.open,
    onError,
  });
  const v2 = new V2Door({
    chat,
    hub,
    accounts,
    guards,
    news,
    asides,
    onSignedIn: (connection) => sockets.lookSoon(connection),
    onError,
  });
  const doors = { classic, v2 };
  const { url } = config;
  const senders = new Senders(config);
  const sockets = new Sockets({
    doors,
    hub,
    accounts,
    guards,
    classic: config.classic,
    senders,
    presence: asides.presence,
    url,
    onError,
  });
  const classChanges = new ClassChanges({
    chat,
    hub,
    open: sockets.open,
    here: asides.here,
    speaker: (connection) => connection.user ?? classic.believed(connection),
    onError,
  });
  /** Something may have been stored that nobody here was told of. */
  const lookAgain = (): void => {
    hub.catchUp();
    classChanges.lookAtAll();
    sockets.endSessions();
  };
  signals.on('store-back', z.object({}), lookAgain);
  bus.listen({
    onEvent(event) {
      if (event.kind === 'signal') return signals.receive(event);
      if (event.kind === 'class-changed') return classChanges.changed(event);
      if (event.kind !== 'sessions-ended') return hub.deliver(event);
      sockets.endSessions(event.user);
      classChanges.accountChanged(event.user);
    },
    onGap(thread) {
      if (thread === undefined) lookAgain();
      else hub.catchUp(thread);
    },
  });
  // What a process stored and did not publish any more, the others find in the store. On one machine the supervisor sees
  // when a worker dies.
  if (config.bus !== undefined) nodes.watch({ onLost: lookAgain });
  const inFlight = new InFlight(config.caps.requestsInFlight, guards.refusals);
  const handshakes = Handshakes.start(inFlight);
  const { refusals } = guards;
  const longPolls = new LongPolls({ chat, hub, admission: guards.admission });
  const downloads = new Downloads(egress, refusals);
  const metrics = createMetrics({
    hub,
    sockets,
    engine,
    inFlight,
    longPolls,
    handshakes,
    refusals,
    egress,
    downloads,
    push,
  });
  const http = httpDoor({
    chat,
    news,
    services,
    guards,
    keeping,
    longPolls,
    searchIndex,
    push,
    here: asides.here,
    webClient: new WebClient(WEB_CLIENT),
    url,
    isTls: config.tls !== undefined,
    metrics: gatherMetrics ?? (() => metrics.metrics()),
    onError,
  });

  const answer = async (request: Request, server: Server<Connection>): Promise<Response> => {
    const peer = server.requestIP(request);
    const sender = senders.of(request, peer?.address);
    let file: Readable | undefined;
    const response = await inFlight.run(peer?.port ?? 0, (setAside) =>
      http.fetch(request, {
        sender,
        address: () => countedAddress(sender.address),
        setAside: (seconds) => {
          server.timeout(request, seconds + HTTP_IDLE_SECONDS);
          setAside();
        },
        sendFile: (bytes) => {
          file = bytes;
        },
      }),
    );
    const setIdle = (seconds = HTTP_IDLE_SECONDS): void => server.timeout(request, seconds);
    return downloads.send(response, { request, setIdle }, file);
  };
  // What it stands at before anyone is let in: every later change ends something.
  await services.outside.look();
  const server = listen(config, sharesPort, {
    websocket: sockets.handler(),
    fetch(request, server) {
      if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') return answer(request, server);
      egress.upgrade();
      return sockets.upgrade(request, server);
    },
  });
  const sweep = (): void => {
    handshakes?.sweep();
    sockets.sweep();
    longPolls.sweep();
    v2.sweep();
    guards.memory.check();
    services.audit.sweep();
    keepingUp.sweep();
    push.sweep();
  };
  const forgetAll = async (): Promise<void> => {
    await forgetOld(chat);
    await forgetFileDays(keeping);
    await forgetStaged(keeping);
    await forgetSearchChanges(store, () => searchIndex.settle());
  };
  const timers = [
    setInterval(() => classic.keep(), CLASSIC_KEEP_SECONDS * 1000),
    setInterval(sweep, 1000),
    setInterval(() => services.outside.look().catch(onError), OUTSIDE_MS),
    setInterval(() => sweepFiles(keeping).catch(onError), FILES_MS),
    setInterval(() => forgetAll().catch(onError), HOUR_MS),
  ];

  return {
    port: server.port ?? config.port,
    metrics,
    lookAgain,
    async stop() {
      guards.admission.stop();
      const stopped = server.stop();
      longPolls.answerAll();
      await Promise.all([
        sockets.sendAway(config.workers),
        Promise.race([inFlight.idle(), Bun.sleep(ANSWER_MS)]),
      ]);
      for (const timer of timers) clearInterval(timer);
      await Promise.race([stopped, Bun.sleep(FLUSH_MS)]);
      await server.stop(true);
      asides.stop();
      nodes.stop();
      await bus.close();
      services.close();
      await keepingUp.stop();
      await push.stop();
      await engine.close();
    },
  };
}
