import { expect, test } from 'bun:test';
import { startServerProcess, temporaryFolder } from '../actors/server-process.ts';
import { SocketClient } from '../actors/socket-client.ts';

const KEEP = '{"op":"keep"}';

test('every 55 s each classic connection gets the heartbeat, on every worker', async () => {
  const folder = temporaryFolder('heartbeat');
  const server = await startServerProcess(folder.path, '--classic', 'open', '--workers', '2');
  const clients = await Promise.all(Array.from({ length: 12 }, () => SocketClient.open(server.socketUrl)));
  for (const client of clients) expect(await client.next()).toBe('{"op":"connect","status":true}');

  const beats = await Promise.all(
    clients.map(async (client) => {
      const times: number[] = [];
      for (const count of [2, 3]) {
        while (client.frames.length < count) await Bun.sleep(20);
        times.push(Date.now());
      }
      return times as [number, number];
    }),
  );
  for (const client of clients) expect(client.frames.slice(1)).toEqual([KEEP, KEEP]);
  for (const [first, second] of beats) expect(Math.abs(second - first - 55_000)).toBeLessThan(1_000);
  for (const client of clients) client.close();
  await server.stop();
  folder.remove();
}, 150_000);
