import { Presets, SingleBar } from 'cli-progress';
import type { ImportStep } from './import-run.ts';

export interface ImportProgress {
  step(step: ImportStep): void;
  /** Ends a bar that is not full, so that an error begins on its own line. */
  stop(): void;
}

/** Where progress is drawn: `process.stderr`, or something like it. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** For people at a terminal a bar for each table; else a line for each table that was read. */
export function drawProgress(stream: ProgressStream = process.stderr): ImportProgress {
  return stream.isTTY ? barProgress(stream) : lineProgress(stream);
}

function lineProgress(stream: ProgressStream): ImportProgress {
  return {
    step: ({ table, doneBytes, totalBytes }) => {
      if (doneBytes === totalBytes) stream.write(`${table}: read ${megabytes(totalBytes)} MB\n`);
    },
    stop: () => {},
  };
}

function barProgress(stream: ProgressStream): ImportProgress {
  const bar = new SingleBar(
    {
      stream,
      format: '{name} {bar} {percentage}% of {size} MB, {eta_formatted} to go',
      barsize: 30,
      linewrap: true, // the other setting switches wrapping off in the terminal, and an interrupt would leave it so
      etaBuffer: 200,
    },
    Presets.shades_classic,
  );
  let current: string | undefined;
  return {
    step: ({ table, doneBytes, totalBytes }) => {
      if (table !== current) {
        bar.stop();
        bar.start(totalBytes, 0, { name: table.padEnd(9), size: megabytes(totalBytes) });
        current = table;
      }
      bar.update(doneBytes);
    },
    stop: () => bar.stop(),
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
