import { existsSync } from 'node:fs';
import { findChromium } from './browser/chromium.ts';

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

async function install(packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ]) {
    const child = Bun.spawn(['apt-get', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    if ((await child.exited) !== 0) return console.log(`apt-get ${args[0]} failed; the line above says why`);
  }
}
