import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const DIST = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** A copy of the built client in a folder of the test's own, to be served with `POKERS_TEST_WEB_CLIENT`. */
export function copyClient(folder: string): void {
  cpSync(DIST, folder, { recursive: true });
}

/**
 * What the next build leaves when every file has changed: all have other names, wherever they are named, and the old ones
 * are gone. Pages of it say `data-build="next"`.
 */
export function replaceClient(folder: string): void {
  const assets = join(folder, 'assets');
  const names = readdirSync(assets).filter((name) => !/\.(?:br|gz)$/.test(name));
  const renamed = (text: string): string =>
    names.reduce((changed, name) => changed.replaceAll(name, `next-${name}`), text);
  for (const name of names) {
    const old = join(assets, name);
    write(
      join(assets, `next-${name}`),
      isText(name) ? renamed(readFileSync(old, 'utf8')) : readFileSync(old),
    );
    for (const file of [old, `${old}.br`, `${old}.gz`]) rmSync(file, { force: true });
  }
  for (const name of ['index.html', 'worker.js']) {
    const text = renamed(readFileSync(join(folder, name), 'utf8'));
    write(join(folder, name), text.replace('<body', '<body data-build="next"'));
  }
}

function isText(name: string): boolean {
  return /\.(?:js|css|json|svg)$/.test(name);
}

function write(file: string, content: string | Buffer): void {
  writeFileSync(file, content);
  if (!isText(file) && !file.endsWith('.html')) return;
  writeFileSync(`${file}.br`, brotliCompressSync(content));
  writeFileSync(`${file}.gz`, gzipSync(content));
}
