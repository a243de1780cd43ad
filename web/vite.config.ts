import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { earlyTheme } from './build/early-theme.ts';
import { emojiData } from './build/emoji-data.ts';
import { inlineLimits } from './build/inline-limits.ts';
import { precompress } from './build/precompress.ts';
import { serviceWorker } from './build/service-worker.ts';

/** Where `bun server/src/cli.ts serve` listens by default. */
const SERVER = 'localhost:2000';

export default defineConfig({
  plugins: [vue(), earlyTheme(), emojiData(), inlineLimits(), serviceWorker(), precompress()],
  define: { __VUE_OPTIONS_API__: false },
  build: {
    // Students' phones are not new: Chrome 93, Safari 15.4 and Firefox 92 run this. For scripts a little more is said,
    // or else class fields are rewritten, for bugs of those browsers that nothing here meets, and 1.7 KB of the first load.
    target: ['chrome98', 'safari16', 'firefox92'],
    cssTarget: ['chrome93', 'safari15.4', 'firefox92'],
    // A data: URL would be refused by the content security policy.
    assetsInlineLimit: 0,
    // The names of what later parts need weigh 0.3 KB of the first load; scripts find their own, one round trip later.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, deps) => deps.filter((dep) => dep.endsWith('.css')),
    },
    reportCompressedSize: false,
    // All that the first load takes is one file: cut into those that later pages share, it is 2 KB larger.
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: 'first', test: /\/web\/src\/main\.ts$/ }] },
        // The first load names all others.
        chunkFileNames: 'assets/[hash].js',
        assetFileNames: 'assets/[hash][extname]',
      },
    },
  },
  server: {
    // Host and Origin must stay what the page's are, because the server compares them.
    proxy: {
      '/api': { target: `http://${SERVER}`, changeOrigin: false },
      '/files': { target: `http://${SERVER}`, changeOrigin: false },
      '/ws': { target: `ws://${SERVER}`, ws: true, changeOrigin: false },
    },
  },
});
