import { expect, test } from 'bun:test';
import { fitOf, foldName, looseFitOf } from '@pokers/server/search/name-match';

const fit = (name: string, typed: string) => fitOf(name, foldName(typed));

test('张小明 is found by whole syllables, by begun ones, by first letters, and by any mixture', () => {
  for (const typed of ['zhangxiaoming', 'zhang xiao ming', 'zxm', 'zhangxm', 'zxiaom', 'zhxm', '张xm', 'zh'])
    expect([typed, fit('张小明', typed)]).toEqual([typed, 'sounds']);
  for (const typed of ['xiaoming', 'xm', '小m', 'ming'])
    expect([typed, fit('张小明', typed)]).toEqual([typed, 'sounds within']);
  expect(fit('张小明', '张')).toBe('begins');
  expect(fit('张小明', '小明')).toBe('has');
  for (const typed of ['zhangz', 'mx', 'zhangxiaomingx', 'q', 'zzz'])
    expect([typed, fit('张小明', typed)]).toEqual([typed, undefined]);
});

test('A character sounds in each of its readings, and letters beside it as they are', () => {
  expect([fit('曾国藩', 'zeng'), fit('曾国藩', 'ceng')]).toEqual(['sounds', 'sounds']);
  expect(fit('Ming 小明', 'mingxm')).toBe('sounds');
  expect(fit('数学作业 Homework', 'sxzyhome')).toBe('sounds');
  expect(fit('西安', 'xian')).toBe('sounds');
  expect(fit('Lily', 'xm')).toBeUndefined();
});

test('What is typed can be anything, and long', () => {
  for (const typed of ['.*', '[', '\\', "'", '🗺', 'x'.repeat(200), 'xian'.repeat(50)])
    expect([typed, fit('先先先小明', typed)]).toEqual([typed, undefined]);
  // Each of its characters can end in four places: what failed at one of them is not tried again.
  expect(fit('先'.repeat(100), `${'xian'.repeat(9)}q`)).toBeUndefined();
  expect(fit('先'.repeat(100), 'xian'.repeat(9))).toBe('sounds');
});

test('Letters with others between count where one looks among all names, and least', () => {
  expect(looseFitOf('Homework', 'hmwk')).toBe('scattered');
  expect(looseFitOf('Homework', 'kw')).toBeUndefined();
  expect(looseFitOf('Homework', 'home')).toBe('begins');
});
