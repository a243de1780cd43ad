import { expect, test } from 'bun:test';
import { EGRESS, Egress } from '../../server/src/hub/egress.ts';
import { frameWireBytes, wireBytes } from '../../server/src/hub/wire-size.ts';

const MBIT = 125_000;

test('a frame costs its header, TLS, and the headers of its packets', () => {
  expect(frameWireBytes(40)).toBe(40 + 2 + 22 + 66);
  expect(frameWireBytes(1_000)).toBe(1_000 + 4 + 22 + 66);
  expect(frameWireBytes(70_000)).toBe(70_000 + 10 + 22 + 49 * 66);
});

test('a chunk of a download fills whole packets, at least one, and keeps the link busy for a moment only', () => {
  for (const limit of [MBIT / 16, MBIT, 10 * MBIT, 1_000 * MBIT]) {
    const { chunkBytes } = new Egress(limit);
    expect(wireBytes(chunkBytes + 8) % 1_514).toBeGreaterThan(1_490);
    expect(chunkBytes).toBeWithin(1_400, EGRESS.chunkMaxBytes + 1);
    if (limit >= MBIT) expect((wireBytes(chunkBytes) / limit) * 1_000).toBeLessThan(1.3 * EGRESS.chunkMs);
  }
});

test('what is said is late by what was said, not by a download', () => {
  const egress = new Egress(MBIT);
  egress.chunk(egress.chunkBytes);
  expect(egress.delayMs).toBe(0);
  egress.frame(MBIT / 2);
  expect(egress.delayMs).toBeWithin(450, 600);
  egress.frame(1, 1_000_000);
  expect(egress.delayMs).toBeWithin(EGRESS.delayMaxMs - 100, EGRESS.delayMaxMs);
});

test('without a limit nothing is ever late', () => {
  const egress = new Egress(Number.POSITIVE_INFINITY);
  egress.frame(100, 1_000);
  expect([egress.delayMs, egress.chunkWaitMs, egress.sent('chat')]).toEqual([
    0,
    0,
    1_000 * frameWireBytes(100),
  ]);
});
