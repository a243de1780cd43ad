import { CHROMIUM, type Need, POSTGRES, REDIS, SHAPING } from './needs.ts';

export interface Suite {
  readonly name: string;
  /** Test files or folders; or, for what is no test of Bun's runner, a command that fails or not. */
  readonly paths?: readonly string[];
  readonly command?: readonly string[];
  readonly needs?: readonly Need[];
}

/** Everything that `npm test` runs, the longest first: two run at a time. */
export const SUITES: readonly Suite[] = [
  { name: 'heartbeat', paths: ['./test/classic/heartbeat.test.ts'] },
  {
    name: 'reliability',
    paths: ['./test/reliability/checker', './test/reliability/kill', './test/reliability/proxy'],
  },
  { name: 'sync-model', paths: ['./test/reliability/sync-model'] },
  { name: 'check', command: ['npm', 'run', 'check'] },
  {
    name: 'browser',
    paths: [
      './test/browser/account-pages.test.ts',
      './test/browser/class-pages.test.ts',
      './test/browser/outbox.test.ts',
      './test/browser/run-a-class.test.ts',
      './test/browser/two-people.test.ts',
    ],
    needs: [CHROMIUM],
  },
  { name: 'browser-reading', paths: ['./test/browser/reading.test.ts'], needs: [CHROMIUM] },
  {
    name: 'browser-offline',
    paths: ['./test/browser/offline.test.ts', './test/browser/notifications.test.ts'],
    needs: [CHROMIUM],
  },
  { name: 'browser-comfort', paths: ['./test/browser/comfort.test.ts'], needs: [CHROMIUM] },
  { name: 'browser-unread', paths: ['./test/browser/unread.test.ts'], needs: [CHROMIUM] },
  { name: 'thin-line', paths: ['./test/thin-line'], needs: [CHROMIUM, SHAPING] },
  { name: 'browser-files', paths: ['./test/browser/files.test.ts'], needs: [CHROMIUM] },
  { name: 'browser-writing', paths: ['./test/browser/writing.test.ts'], needs: [CHROMIUM] },
  { name: 'browser-search', paths: ['./test/browser/search.test.ts'], needs: [CHROMIUM] },
  { name: 'sdk', paths: ['./sdk'] },
  { name: 'crash', paths: ['./test/crash'] },
  { name: 'on-postgres', command: ['bun', 'test/on-postgres.ts'], needs: [POSTGRES] },
  { name: 'cluster', paths: ['./test/cluster'], needs: [REDIS, POSTGRES] },
  { name: 'lazer', paths: ['./server/src/lazer', './test/lazer'] },
  { name: 'limits', paths: ['./test/limits'] },
  { name: 'fuzz', paths: ['./test/reliability/fuzz'] },
  { name: 'framing', paths: ['./test/reliability/framing'] },
  { name: 'cli', paths: ['./test/cli'] },
  {
    name: 'classic',
    paths: ['./test/classic/classic-rules.test.ts', './test/classic/classic-modes.test.ts'],
  },
  {
    name: 'security',
    paths: [
      './test/security/tls.test.ts',
      './test/security/proxies.test.ts',
      './test/security/origins.test.ts',
      './test/security/requests.test.ts',
    ],
  },
  { name: 'security-browser', paths: ['./test/security/browser'], needs: [CHROMIUM] },
  { name: 'egress', paths: ['./test/egress'] },
  { name: 'v2', paths: ['./test/v2'] },
  { name: 'accounts', paths: ['./test/accounts'] },
  { name: 'http', paths: ['./test/http'] },
  { name: 'push', paths: ['./test/push'] },
  { name: 'rights', paths: ['./test/rights'] },
  { name: 'classes', paths: ['./test/classes'] },
  { name: 'search', paths: ['./test/search'] },
  { name: 'files', paths: ['./test/files'] },
  { name: 'hub', paths: ['./test/hub'] },
  { name: 'store', paths: ['./test/store'] },
  { name: 'postgres', paths: ['./test/postgres'], needs: [POSTGRES] },
  { name: 'bus', paths: ['./test/bus', './test/presence'], needs: [REDIS] },
  { name: 'web', paths: ['./web'] },
  { name: 'docs', paths: ['./docs'] },
  { name: 'bench', paths: ['./bench'] },
];
