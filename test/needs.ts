import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { findPostgres } from './actors/postgres-server.ts';
import { findRedis } from './actors/redis-server.ts';
import { findChromium } from './browser/chromium.ts';
import { canShape } from './thin-line/thin-line.ts';

/** Something that a suite needs from the system. */
export interface Need {
  readonly name: string;
  /** How a person gets it. */
  readonly how: string;
  /** Debian's packages for it. */
  readonly packages: readonly string[];
  isThere(): boolean;
}

export const CHROMIUM: Need = {
  name: 'Chromium',
  how: 'on Debian: apt-get install chromium fonts-noto-cjk; elsewhere: set CHROMIUM to the program’s path',
  packages: ['chromium', 'fonts-noto-cjk', 'fonts-noto-color-emoji'],
  isThere: () => findChromium() !== undefined,
};

export const REDIS: Need = {
  name: 'Redis',
  how: 'on Debian: apt-get install redis-server; elsewhere: set REDIS_SERVER to the program’s path',
  packages: ['redis-server'],
  isThere: () => findRedis() !== undefined,
};

export const POSTGRES: Need = {
  name: 'PostgreSQL',
  how: 'on Debian: apt-get install postgresql; elsewhere: set POSTGRES_BIN to the folder of the program postgres',
  packages: ['postgresql'],
  isThere: () => findPostgres() !== undefined,
};

export const SHAPING: Need = {
  name: 'a line that is shaped',
  how: 'root on Linux, with ip and tc; on Debian: apt-get install iproute2',
  packages: ['iproute2'],
  isThere: canShape,
};

/** Debian asks this program whether a service that was just installed may be started. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d';

/** Installs what is missing where that may be done without asking (root on Debian), and answers what is missing still. */
export async function missingNeeds(needs: readonly Need[]): Promise<Need[]> {
  const missing = [...new Set(needs)].filter((need) => !need.isThere());
  if (missing.length === 0) return [];
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const packages = missing.flatMap((need) => need.packages);
    console.log(`installing from Debian: ${packages.join(' ')}`);
    await install(packages);
  }
  return missing.filter((need) => !need.isThere());
}

/** The tests start what they need by themselves, on ports that are free: Debian's own services are not started. */
async function install(packages: readonly string[]): Promise<void> {
  const isOurPolicy = !existsSync(SERVICE_POLICY);
  if (isOurPolicy) writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await aptInstall(packages);
  } finally {
    if (isOurPolicy) rmSync(SERVICE_POLICY, { force: true });
  }
}

async function aptInstall(packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const child = Bun.spawn(['apt-get', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    if ((await child.exited) !== 0) return console.log(`apt-get ${args[0]} failed; the line above says why`);
  }
}
