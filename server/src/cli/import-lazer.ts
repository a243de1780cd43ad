import { resolve } from 'node:path';
import { importLazer } from '../lazer/import-lazer.ts';
import { drawProgress } from '../lazer/progress.ts';
import { formatSummary } from '../lazer/summary.ts';

/** `pokers import-lazer`. @throws StartError, UsageError: nothing was imported then */
export async function importLazerCommand(
  from: string,
  options: { data: string; json: boolean },
): Promise<void> {
  const progress = drawProgress();
  try {
    const summary = await importLazer({
      from: resolve(from),
      into: resolve(options.data),
      onProgress: progress.step,
    });
    progress.stop();
    process.stdout.write(options.json ? `${JSON.stringify(summary, null, 2)}\n` : formatSummary(summary));
  } finally {
    progress.stop();
  }
}
