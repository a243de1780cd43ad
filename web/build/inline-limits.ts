import type { Plugin } from 'vite';
// By its path, so that Vite bundles it: what a config takes from packages, Node reads as it is, and Node 20 no TypeScript.
import { FILE_LIMITS, LIMITS } from '../../protocol/src/limits.ts';

/** Puts the few limits that the client knows into its code as numbers, so that the table of all is not loaded. */
export function inlineLimits(): Plugin {
  const numbers: Readonly<Record<string, number>> = { ...LIMITS, ...FILE_LIMITS };
  return {
    name: 'pokers:inline-limits',
    apply: 'build',
    enforce: 'pre',
    transform: {
      filter: { id: /\.(?:ts|vue)$/, code: 'LIMITS.' },
      handler(code) {
        return code.replace(/\b(?:FILE_)?LIMITS\.(\w+)\b/g, (name, key: string) =>
          String(numbers[key] ?? name),
        );
      },
    },
  };
}
