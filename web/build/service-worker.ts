import { join } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';

const SOURCE = 'worker/worker.ts';
const FILE = 'worker.js';

/** What is loaded later by itself in any conversation, beside what the page begins with. */
const SOON = /\/web\/src\/(?:i18n\/(?:en|zh-CN)\.ts|offline\/offline\.ts|connection\/ConnectionBanner\.vue)$/;

/** Files of `public` that an installed client shows. */
const PUBLIC = ['/favicon.svg', '/favicon-mention.svg', '/favicon-unread.svg', '/manifest.webmanifest'];

/**
 * Builds the service worker: one small file without imports, at the root of the site, which knows by name what the client
 * consists of. So another build is another worker, and browsers look for it by themselves.
 */
export function serviceWorker(): Plugin {
  let root = '';
  let target: Rolldown.TransformOptions['target'];
  return {
    name: 'pokers:service-worker',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      target = config.build.target || undefined;
    },
    generateBundle: {
      // Until then an entry is there that the page does not use.
      order: 'post',
      async handler(_options, bundle) {
        const source = await bundled(join(root, SOURCE), shellOf(Object.values(bundle)), target);
        this.emitFile({ type: 'asset', fileName: FILE, source });
      },
    },
  };
}

/** Paths of all that a conversation needs, in any language. */
function shellOf(files: readonly Rolldown.OutputBundle[string][]): string[] {
  const names = new Set<string>();
  const take = (chunk: Rolldown.OutputChunk): void => {
    if (names.has(chunk.fileName)) return;
    names.add(chunk.fileName);
    for (const style of chunk.viteMetadata?.importedCss ?? []) names.add(style);
    for (const other of files) {
      if (other.type === 'chunk' && chunk.imports.includes(other.fileName)) take(other);
    }
  };
  for (const file of files) {
    if (file.type === 'asset' && file.names.includes('early.js')) names.add(file.fileName);
    else if (file.type === 'chunk' && (file.isEntry || SOON.test(file.facadeModuleId ?? ''))) take(file);
  }
  return ['/index.html', ...PUBLIC, ...[...names].map((name) => `/${name}`)].sort();
}

async function bundled(entry: string, shell: readonly string[], target: unknown): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    define: { SHELL: JSON.stringify(shell) },
    build: {
      write: false,
      target: target as string[],
      reportCompressedSize: false,
      rolldownOptions: { input: entry, output: { format: 'iife' } },
    },
  });
  const [only] = Array.isArray(result) || !('output' in result) ? [] : result.output;
  if (only?.type !== 'chunk') throw new Error('the service worker is no single file');
  return only.code;
}
