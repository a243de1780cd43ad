import { resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Bus } from '../bus/bus.ts';
import { MemoryBus } from '../bus/memory-bus.ts';
import { redisAddress } from '../bus/redis/address.ts';
import { RedisBus } from '../bus/redis-bus.ts';
import type { Config, TlsFiles } from '../config.ts';
import { seedDemo } from '../demo/demo.ts';
import { UsageError } from '../errors.ts';
import { watchFaults } from '../faults.ts';
import { filesPlace } from '../files/place.ts';
import { capsFrom } from '../limits/caps.ts';
import { thisMachine } from '../limits/machine.ts';
import { createLog } from '../log.ts';
import { startServer } from '../main.ts';
import { claimData } from '../store/engines.ts';
import { Supervisor } from '../supervisor.ts';
import { readCertificate } from '../tls.ts';
import { greeting, openDoorWarning } from './greeting.ts';
import { type MailArguments, mailServer } from './mail-server.ts';
import { type OidcArguments, signInService } from './sign-in-service.ts';
import { testPush } from './test-push.ts';

export interface ServeOptions
  extends Omit<Config, 'caps' | 'tls' | 'oidc' | 'smtp' | 'push' | 'files'>,
    OidcArguments,
    Omit<MailArguments, 'url'> {
  readonly demo: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly files?: string;
}

/** Longest that stopping takes, in ms. What is not done then is given up; what was answered is on disk. */
const STOP_MS = 9_500;

/** `pokers serve`: runs until SIGINT or SIGTERM. @throws StartError, UsageError */
export async function serveCommand(options: ServeOptions): Promise<void> {
  const caps = capsFrom(process.env.POKERS_LIMITS, thisMachine(), options.workers);
  const tls = tlsFiles(options);
  const { smtp: _smtp, files: _files, ...rest } = options;
  const files = options.files === undefined ? undefined : filesPlace(options.files, process.env);
  const push = testPush(process.env.POKERS_TEST_PUSH);
  const [oidc, smtp] = [signInService(options, process.env), mailServer(options)];
  const config: Config = {
    ...rest,
    data: resolve(options.data),
    caps,
    ...(tls && { tls }),
    ...(oidc && { oidc }),
    ...(smtp && { smtp }),
    ...(push && { push }),
    ...(files && { files }),
  };
  const log = createLog();
  watchFaults(log);
  if (tls) warnOfExpiry(readCertificate(tls).validTo, log);
  if (config.database !== undefined && config.bus === undefined)
    log.warn(
      'without --bus no other server may use this database: nobody would hear of what others say there',
    );
  if (config.database !== undefined && config.bus !== undefined && !config.files)
    log.warn(
      'files are kept in the data folder of this machine: where there are several, name a bucket or a folder that all share, with --files',
    );
  const claim = await claimData(config, (message) => log.warn(message));
  const demo = options.demo ? await seedDemo(config) : undefined;

  const running =
    config.workers > 1
      ? await Supervisor.start(config, log)
      : await startServer(config, { bus: busOf(config, log), log, sharesPort: false });

  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => {
      log.error(`stopping took longer than ${STOP_MS} ms: the rest is given up`);
      process.exit(1);
    }, STOP_MS);
    await running.stop();
    await claim.release();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  if (config.classic === 'open') process.stderr.write(openDoorWarning());
  process.stdout.write(
    greeting({ ...config, data: claim.place, port: running.port }, await claim.hasHead(), demo),
  );
  if (running instanceof Supervisor) await running.failed;
}

function busOf({ bus }: Config, log: Logger): Bus {
  return bus === undefined ? new MemoryBus() : new RedisBus(redisAddress(bus), log);
}

/** @throws UsageError where only one of the two was given */
function tlsFiles({ tlsCert, tlsKey }: ServeOptions): TlsFiles | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined)
    throw new UsageError('--tls-cert and --tls-key belong together: give both, or neither.');
  return { cert: resolve(tlsCert), key: resolve(tlsKey) };
}

function warnOfExpiry(validTo: Date, log: Logger): void {
  if (validTo.getTime() < Date.now())
    log.warn(`the certificate has run out on ${validTo.toISOString()}: browsers refuse it`);
}
