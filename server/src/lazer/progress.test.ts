import { expect, test } from 'bun:test';
import { Writable } from 'node:stream';
import { drawProgress } from './progress.ts';
import { formatSummary, type ImportSummary } from './summary.ts';

class Screen extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 80;

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

function draw(screen: Screen): string {
  const { step, stop } = drawProgress(screen);
  for (const doneBytes of [0, 1_000_000, 2_000_000])
    step({ table: 'users', doneBytes, totalBytes: 2_000_000 });
  step({ table: 'messages', doneBytes: 0, totalBytes: 300_000_000 });
  step({ table: 'messages', doneBytes: 150_000_000, totalBytes: 300_000_000 });
  stop();
  stop();
  return screen.text;
}

test('a log gets one line for each table that was read', () => {
  expect(draw(new Screen(false))).toBe('users: read 2.0 MB\n');
});

test('a terminal gets a bar for each table, and the cursor on a new line', () => {
  const text = draw(new Screen(true));
  expect(text).toContain('users');
  expect(text).toContain('100% of 2.0 MB');
  expect(text).toContain('50% of 300.0 MB');
  expect(text).toEndWith('\n');
});

test('the summary says what was imported, skipped and why', () => {
  const none = { imported: 0, already: 0, skipped: 0 };
  const messages = { imported: 1_000_000, already: 20, skipped: 12 };
  const summary: ImportSummary = {
    from: '/old',
    into: '/data',
    seconds: 14.72,
    tables: {
      classes: none,
      users: none,
      memberships: none,
      threads: none,
      messages,
      logs: none,
      stars: none,
    },
    remarks: [
      {
        kind: 'noted',
        table: 'series',
        what: 'not part of group chat, so not imported',
        count: 0,
        first: [],
      },
      { kind: 'skipped', table: 'messages', what: 'it has no speaker', count: 12, first: ['3', '5'] },
    ],
  };
  const text = formatSummary(summary);
  expect(text).toStartWith('Imported /old into /data in 14.7 s.\n\n');
  expect(text).toContain('  messages         1,000,000            20            12\n');
  expect(text).toEndWith(
    'Skipped:\n  messages: 12 × it has no speaker (3, 5, …)\n\nTo know:\n  series: not part of group chat, so not imported\n',
  );
});
