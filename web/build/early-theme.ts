import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const SOURCE = 'src/theme/early.js';

/**
 * Puts the script that applies a chosen theme into the head as a classic, blocking script of its own: a module would
 * run after the first paint and flash, and the content security policy allows no inline script.
 */
export function earlyTheme(): Plugin {
  let root = '';
  let serving = false;
  return {
    name: 'pokers:early-theme',
    configResolved(config) {
      root = config.root;
      serving = config.command === 'serve';
    },
    generateBundle() {
      const source = readFileSync(join(root, SOURCE), 'utf8').replace(/\/\*[\s\S]*?\*\/\s*/g, '');
      this.emitFile({ type: 'asset', name: 'early.js', source });
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const emitted = Object.values(bundle ?? {}).find(
          (file) => file.type === 'asset' && file.names.includes('early.js'),
        );
        const src = serving ? `/${SOURCE}` : `/${emitted?.fileName}`;
        return [{ tag: 'script', attrs: { src }, injectTo: 'head-prepend' }];
      },
    },
  };
}
