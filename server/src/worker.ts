/** One of several serving processes. The supervisor starts it and, without Redis, is its bus. */
import type { Bus } from './bus/bus.ts';
import { ProcessBus } from './bus/process-bus.ts';
import { isBusMessage } from './bus/process-messages.ts';
import { redisAddress } from './bus/redis/address.ts';
import { RedisBus } from './bus/redis-bus.ts';
import type { Config } from './config.ts';
import { watchFaults } from './faults.ts';
import { createLog } from './log.ts';
import { startServer } from './main.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const log = createLog();
watchFaults(log);
const tell = (message: FromWorker): void => {
  if (process.connected) process.send?.(message);
};

/** Without its supervisor a worker hears nothing of the others: it ends, and its clients look for another. */
process.on('disconnect', () => process.exit(1));
// The supervisor gets these too, and decides.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

const asked = new Map<number, (text: string) => void>();
let asks = 0;
let isStopping = false;

/** Over the supervisor, or each worker for itself on Redis: then it is a node like those of other machines. */
function busOf({ bus }: Config): Bus {
  if (bus !== undefined) return new RedisBus(redisAddress(bus), log);
  return new ProcessBus({ send: tell, onMessage: (listener) => process.on('message', listener) }, () => {
    log.error('the bus between the processes is stuck: this one ends and is replaced');
    process.exit(1);
  });
}

try {
  const config = JSON.parse(process.env.POKERS_WORKER ?? '') as Config;
  const server = await startServer(config, {
    bus: busOf(config),
    log,
    sharesPort: true,
    gatherMetrics: () =>
      new Promise((resolve) => {
        asked.set(++asks, resolve);
        tell({ kind: 'gather', ask: asks });
      }),
  });
  process.on('message', async (message: ToWorker) => {
    if (isBusMessage(message)) {
      // On Redis nobody else says so soon that a neighbour died.
      if (message.bus === 'gap' && config.bus !== undefined) server.lookAgain();
      return;
    }
    if (message.kind === 'sample') {
      tell({ kind: 'samples', ask: message.ask, samples: await server.metrics.getMetricsAsJSON() });
    }
    if (message.kind === 'gathered') {
      asked.get(message.ask)?.(message.text);
      asked.delete(message.ask);
    }
    if (message.kind === 'stop' && !isStopping) {
      isStopping = true;
      await server.stop();
      process.exit(0);
    }
  });
  tell({ kind: 'ready' });
} catch (error) {
  tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
