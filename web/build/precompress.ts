import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(?:js|css|html|svg|json|webmanifest|txt)$/;

/**
 * Lays a `.br` and a `.gz` beside every text file of the build, so that the server compresses nothing while it runs,
 * and prints what the first load weighs. Each is left out where it would not be smaller than the file itself.
 */
export function precompress(): Plugin {
  let folder = '';
  let writes = true;
  return {
    name: 'pokers:precompress',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
      writes = config.build.write;
    },
    closeBundle() {
      if (!writes) return;
      const sizes = textFiles(folder).map((file) => ({ file: relative(folder, file), ...compress(file) }));
      const total = sizes.reduce((sum, size) => sum + size.brotli, 0);
      for (const { file, plain, brotli } of sizes) {
        console.log(`${file.padEnd(40)} ${kilobytes(plain)} ${kilobytes(brotli)} br`);
      }
      console.log(`${'all of it'.padEnd(40)} ${' '.repeat(11)} ${kilobytes(total)} br`);
    },
  };
}

function textFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && TEXT.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Writes both forms; answers the sizes in bytes. */
function compress(file: string): { plain: number; brotli: number } {
  const plain = readFileSync(file);
  const brotli = brotliCompressSync(plain, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
  });
  const gzip = gzipSync(plain, { level: 9 });
  if (brotli.length < plain.length) writeFileSync(`${file}.br`, brotli);
  if (gzip.length < plain.length) writeFileSync(`${file}.gz`, gzip);
  return { plain: plain.length, brotli: Math.min(brotli.length, plain.length) };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(2).padStart(8)} kB`;
}
