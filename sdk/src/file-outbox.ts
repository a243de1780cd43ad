/** Apart from the rest, so that node:fs is in no browser's bundle. */
export { FileOutboxStore } from './outbox/file-store.ts';
