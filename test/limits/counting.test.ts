import { expect, test } from 'bun:test';
import { UsageError } from '../../server/src/errors.ts';
import { countedAddress } from '../../server/src/limits/address.ts';
import { capsFrom } from '../../server/src/limits/caps.ts';
import { MemoryWatch } from '../../server/src/limits/memory-watch.ts';
import { RateTable } from '../../server/src/limits/rate-table.ts';

const GIGABYTE = 1024 ** 3;

test('a rate allows a burst, then one after another, and says how long to wait', () => {
  let now = 1_000;
  const table = new RateTable({ burst: 3, everyMs: 100 }, 10, () => now);
  const take = () => table.take('Ming');
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 100]);
  now += 60;
  expect(take()).toBe(40);
  now += 40;
  expect([take(), take()]).toEqual([0, 100]);
  expect(table.take('Lily')).toBe(0);
  table.giveBack('Ming');
  expect([take(), take()]).toEqual([0, 100]);
  now += 1_000_000;
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 100]);
});

test('a full table forgets who came longest ago', () => {
  const table = new RateTable({ burst: 1, everyMs: 1_000 }, 2, () => 0);
  expect([table.take('a'), table.take('b'), table.take('b')]).toEqual([0, 0, 1_000]);
  expect([table.take('c'), table.take('b'), table.take('a')]).toEqual([0, 1_000, 0]);
});

test('an address counts as a household has it', () => {
  expect(countedAddress('::ffff:192.168.1.7')).toBe('192.168.1.7');
  expect(countedAddress('10.0.0.1')).toBe('10.0.0.1');
  expect(countedAddress('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(countedAddress('2001:db8::1')).toBe('2001:db8:0:0::/64');
  expect(countedAddress('::1')).toBe('0:0:0:0::/64');
  expect(countedAddress('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  expect(countedAddress(undefined)).toBe('unknown');
});

test('the number of sockets and the memory follow from the machine and are shared by the processes', () => {
  const small = { memoryBytes: GIGABYTE, openFiles: 65_536 };
  expect(capsFrom(undefined, small, 1)).toMatchObject({ connections: 20_000, memoryBytes: 0.75 * GIGABYTE });
  expect(capsFrom('', small, 2)).toMatchObject({ connections: 10_000, memoryBytes: 0.375 * GIGABYTE });
  expect(capsFrom(undefined, { ...small, openFiles: 5_000 }, 1).connections).toBe(4_000);
  expect(capsFrom('{"connections":7}', small, 1)).toMatchObject({ connections: 7, connectionsPerUser: 200 });
  const lifted = capsFrom('off', small, 1);
  expect(lifted.postsBurst).toBeGreaterThan(1e15);
  expect(lifted).toMatchObject({ connections: 20_000, requestsInFlight: 1_000 }); // what protects the machine stays
  expect(JSON.parse(JSON.stringify(lifted))).toEqual(lifted); // as it goes to the workers
  for (const setting of ['on', '[]', '{"posts":1}', '{"connections":"many"}', '{"connections":-1}'])
    expect(() => capsFrom(setting, small, 1)).toThrow(UsageError);
});

test('memory counts as high until it is well below the limit again', () => {
  let bytes = 90;
  const told: boolean[] = [];
  const watch = new MemoryWatch(
    100,
    (isHigh) => told.push(isHigh),
    () => bytes,
  );
  for (bytes of [90, 101, 97, 120, 96, 94, 99, 101]) watch.check();
  expect(told).toEqual([true, false, true]);
});
