import { expect, test } from 'bun:test';
import { LinkShare } from '@pokers/server/asides/link-share';
import { Egress } from '@pokers/server/hub/egress';

const MEGABIT = 125_000;

test('where the link has no limit, asides may always leave', () => {
  const share = new LinkShare(new Egress(Number.POSITIVE_INFINITY));
  share.spend(1_000_000, 1_000);
  expect(share.isFree).toBe(true);
});

test('what asides have sent keeps them back until it is a twentieth of the link', async () => {
  const share = new LinkShare(new Egress(MEGABIT));
  expect(share.isFree).toBe(true);
  share.spend(100, 10); // some 2 KB: a sixtieth of a second of the link, and so a third of one
  expect(share.isFree).toBe(false);
  const since = performance.now();
  while (!share.isFree) await Bun.sleep(5);
  expect(performance.now() - since).toBeGreaterThan(200);
});

test('while what is said waits for the link, asides wait too', () => {
  const egress = new Egress(MEGABIT);
  const share = new LinkShare(egress);
  egress.frame(MEGABIT);
  expect(share.isFree).toBe(false);
});
