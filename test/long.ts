/**
 * `npm run test:long`: the reliability tests in full, for hours if need be; prints what was run and what it found as
 * one line of JSON for each part. `npm run test:long -- PART … [options]` runs these parts only.
 */

import { readOptions, USAGE } from './reliability/long/options.ts';
import { PARTS } from './reliability/long/parts.ts';

const options = readOptions(process.argv.slice(2), Object.keys(PARTS));
if (options === 'help') {
  console.log(USAGE);
  process.exit(0);
}

let failed = 0;
for (const name of options.parts) {
  const startedAt = performance.now();
  try {
    const report = await PARTS[name as keyof typeof PARTS](options);
    const took = Math.round((performance.now() - startedAt) / 1000);
    console.log(JSON.stringify({ part: name, took: `${took} s`, ...report }));
  } catch (error) {
    failed++;
    console.error(`FAILED ${name}:`, error);
  }
}
process.exit(failed > 0 ? 1 : 0);
