/** A load generator: connects, posts and counts what arrives, as the process that started it says over IPC. */
import { Crowd } from './load/crowd.ts';
import type { FromGenerator, ToGenerator } from './load/messages.ts';

const tell = (message: FromGenerator): void => {
  process.send?.(message);
};
let crowd: Crowd | undefined;

async function obey(order: ToGenerator): Promise<void> {
  if (order.kind === 'connect') {
    crowd ??= await Crowd.gather(order);
    await crowd.connect(order);
    return tell({ kind: 'connected' });
  }
  if (!crowd) throw new Error('nobody is connected yet');
  if (order.kind === 'report') return tell(crowd.report());
  if (order.kind === 'run') return tell({ kind: 'posted', count: await crowd.post(order) });
  await crowd.complete(order);
  tell({ kind: 'complete' });
}

process.on('message', (order: ToGenerator) => {
  obey(order).catch((error: unknown) => tell({ kind: 'failed', reason: String(error) }));
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'ready' });
