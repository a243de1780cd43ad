/** Pokers side by side with its peers: fresh processes in turn (ABCABC), medians. See README.md. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Children } from './children.ts';
import { shareCores } from './cores.ts';
import { describeMachine } from './machine.ts';
import { measure } from './measurement.ts';
import type { Sample } from './metrics.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { peerNamed } from './peers/all.ts';
import { peerResult, type Results } from './results.ts';
import { tableOf } from './table.ts';

/** Above these a figure says as much about what else went on as about the server. */
const OTHERS_PERCENT = 10;
const BUSY_PERCENT = 90;

const progress = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function bench(options: Options, children: Children, scratch: string): Promise<Results> {
  const machine = describeMachine();
  const cores = shareCores();
  const peers = options.peers.map(peerNamed);
  const samples = new Map<string, Sample[]>(peers.map(({ name }) => [name, []]));
  for (let run = 1; run <= options.runs; run++) {
    for (const peer of peers) {
      const sample = await measure(peer, { options, children, cores, scratch });
      samples.get(peer.name)?.push(sample);
      progress(`run ${run} of ${options.runs}, ${peer.name}: ${summaryOf(sample)}`);
    }
  }
  return {
    machine,
    options,
    cores,
    peers: peers.map(({ name, about }) => peerResult(name, about, samples.get(name) ?? [])),
  };
}

function summaryOf({ cpuUs, othersPercent, loadBusyPercent }: Sample): string {
  const warnings = [
    ...(othersPercent > OTHERS_PERCENT ? [`others had ${othersPercent.toFixed(0)} % of its core`] : []),
    ...(loadBusyPercent > BUSY_PERCENT
      ? [`a load generator was busy to ${loadBusyPercent.toFixed(0)} %`]
      : []),
  ];
  return [`${cpuUs.toFixed(2)} µs per delivery`, ...warnings].join('; ');
}

async function main(): Promise<number> {
  let options: Options | 'help';
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`bench: ${messageOf(error)}\n\n${USAGE}`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const children = new Children();
  const scratch = mkdtempSync(join(tmpdir(), 'pokers-bench-'));
  process.on('exit', () => {
    children.killAll();
    rmSync(scratch, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
  try {
    const results = await bench(options, children, scratch);
    process.stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : tableOf(results));
    return 0;
  } catch (error) {
    process.stderr.write(`bench: ${messageOf(error)}\n`);
    return 1;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.exit(await main());
