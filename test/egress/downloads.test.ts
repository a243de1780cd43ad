import { afterEach, describe, expect, test } from 'bun:test';
import { ERRORS } from '@pokers/protocol/codes';
import { EGRESS } from '../../server/src/hub/egress.ts';
import { Fetching, type FileServer, LARGE, PACKED, SMALL, serveFiles } from './file-server.ts';

const MBIT = 125_000;
/** How long something is measured, in ms. */
const MEASURE_MS = 2_000;

const IDENTITY = { 'accept-encoding': 'identity' };

let server: FileServer;
afterEach(() => server.stop());

const large = (): string => `${server.url}/assets/large.bin`;

describe('a large file', () => {
  test('alone on the link gets nearly all of it, and no more', async () => {
    server = serveFiles(MBIT);
    const download = await Fetching.start(large());
    const before = server.egress.sent('bulk');
    const rate = await download.rate(MEASURE_MS);
    const sent = ((server.egress.sent('bulk') - before) / MEASURE_MS) * 1_000;
    expect(rate / MBIT).toBeGreaterThan(0.8);
    expect(sent / MBIT).toBeWithin(0.9, 1);
    download.abort();
  });

  test('shares it fairly with another, and leaves no gap on a faster link', async () => {
    server = serveFiles(20 * MBIT);
    const [one, other] = [await Fetching.start(large()), await Fetching.start(large())];
    const [first = 0, second = 0] = await Promise.all([one.rate(MEASURE_MS), other.rate(MEASURE_MS)]);
    expect(first / second).toBeWithin(0.85, 1.18);
    expect((first + second) / (20 * MBIT)).toBeWithin(0.8, 1);
    one.abort();
    other.abort();
  });

  test('takes what frames leave, but never less than its share', async () => {
    server = serveFiles(MBIT);
    const { egress } = server;
    const download = await Fetching.start(large());
    /** The part of the link that the download gets while frames take so much of it. */
    const partBeside = async (part: number): Promise<number> => {
      const talk = setInterval(() => egress.frame((MBIT * part) / 100 - 90), 10);
      await Bun.sleep(500);
      const before = egress.sent('bulk');
      await download.rate(MEASURE_MS);
      clearInterval(talk);
      return (egress.sent('bulk') - before) / MBIT / (MEASURE_MS / 1_000);
    };
    expect(await partBeside(0.5)).toBeWithin(0.35, 0.5);
    expect(await partBeside(1.5)).toBeWithin(0.07, EGRESS.guaranteed + 0.03);
    download.abort();
  }, 10_000);

  test('gives its place back when its reader has gone, or has all', async () => {
    server = serveFiles(100 * MBIT);
    const gone = await Promise.all(Array.from({ length: 10 }, () => Fetching.start(large())));
    expect(server.downloads.count).toBe(10);
    for (const download of gone) download.abort();
    const last = await fetch(large(), { headers: { 'accept-encoding': 'br' }, decompress: false });
    expect((await last.bytes()).length).toBe(PACKED.length);
    await Bun.sleep(50);
    expect(server.downloads.count).toBe(0);
  });

  test('beyond the most at a time is refused, and told when to come back', async () => {
    server = serveFiles(MBIT);
    const open = await Promise.all(Array.from({ length: 200 }, () => Fetching.start(large())));
    const refused = await fetch(large(), { headers: IDENTITY });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: ERRORS.busy.code, error: 'busy' });
    expect(await (await fetch(`${server.url}/assets/small.css`)).text()).toBe(SMALL);
    for (const download of open) download.abort();
  });

  test('that is held in memory is refused when too much is held', async () => {
    server = serveFiles(MBIT);
    const asked = { request: new Request(server.url), setIdle: () => {} };
    const page = () => server.downloads.send(new Response(LARGE), asked);
    const held = [await page(), await page()];
    expect((await page()).status).toBe(503);
    await held[0]?.body?.cancel();
    expect((await page()).status).toBe(200);
    const file = await Fetching.start(large());
    file.abort();
  });

  test('without a limit comes as it always did, and is counted', async () => {
    server = serveFiles(Number.POSITIVE_INFINITY);
    const response = await fetch(large(), { headers: IDENTITY });
    expect(response.headers.get('content-length')).toBe(String(LARGE.length));
    expect(Buffer.compare(await response.bytes(), LARGE)).toBe(0);
    expect(server.egress.sent('bulk') / LARGE.length).toBeWithin(1.03, 1.1);
    expect(server.egress.delayMs).toBe(0);
  });
});

describe('with a limit, the headers', () => {
  test('say what they say without one', async () => {
    server = serveFiles(100 * MBIT);
    const shaped = await fetch(large(), { headers: { 'accept-encoding': 'br' }, decompress: false });
    const etag = shaped.headers.get('etag') ?? '';
    expect(Object.fromEntries(shaped.headers)).toMatchObject({
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
      'accept-ranges': 'bytes',
    });
    expect(Buffer.compare(await shaped.bytes(), PACKED)).toBe(0);
    const head = await fetch(large(), { method: 'HEAD', headers: { 'accept-encoding': 'br' } });
    expect(head.headers.get('etag')).toBe(etag);
    expect(head.headers.get('content-length')).toBe(String(PACKED.length));
    const same = await fetch(large(), { headers: { 'accept-encoding': 'br', 'if-none-match': etag } });
    expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, etag, '']);
    const small = await fetch(`${server.url}/assets/small.css`);
    expect(small.headers.get('content-length')).toBe(String(SMALL.length));
  });

  test('and a range are right', async () => {
    server = serveFiles(100 * MBIT);
    const part = (range: string, more: Record<string, string> = {}) =>
      fetch(large(), { headers: { ...IDENTITY, range, ...more } });
    const size = LARGE.length;
    for (const [range, start, end] of [
      ['bytes=100-50099', 100, 50_100],
      ['bytes=19999990-', size - 10, size],
      ['bytes=-7', size - 7, size],
      ['bytes=19999999-99999999', size - 1, size],
    ] as const) {
      const response = await part(range);
      expect([response.status, response.headers.get('content-range')]).toEqual([
        206,
        `bytes ${start}-${end - 1}/${size}`,
      ]);
      expect(Buffer.compare(await response.bytes(), LARGE.subarray(start, end))).toBe(0);
    }
    const outside = await part(`bytes=${size}-`);
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, `bytes */${size}`]);
    for (const whole of [
      part('bytes=5-4'),
      part('lines=1-2'),
      part('bytes=0-1,4-5'),
      part('bytes=0-1', { 'if-range': '"old"' }),
    ]) {
      const response = await whole;
      expect(response.status).toBe(200);
      await response.body?.cancel();
    }
  });
});
