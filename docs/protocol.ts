/**
 * Writes docs/protocol.md from the schemas and tables of protocol/src and the text of docs/protocol/template.md.
 * With `--check` it writes nothing, and exits with 1 where the file is out of step.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { protocolDocument } from './protocol/document.ts';

const file = fileURLToPath(new URL('./protocol.md', import.meta.url));
const text = protocolDocument();

if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (readIfThere(file) !== text) {
  process.stderr.write('docs/protocol.md is out of step with protocol/src. Run: npx bun docs/protocol.ts\n');
  process.exitCode = 1;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
