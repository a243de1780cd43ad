/**
 * What members say: words of ordinary chat in two scripts, put together by chance. Where many texts share a frame deflate
 * finds the same words again, as it would in a class, but never the same sentence. In front of each text stand `~` and
 * its number, by which it is found in whatever carries it.
 */

const MARK = 0x7e;
/** Enough for a million and a half of posts, more than any run makes. */
const NUMBER_DIGITS = 4;
const RADIX = 36;

/** Bytes of `~` and the number. */
const MARKED_BYTES = 1 + NUMBER_DIGITS;

/** Bytes of an ordinary short message. */
const TEXT_BYTES = 40;

/** A text of exactly 40 bytes, always the same for a number. */
export function textOf(number: number): string {
  const mark = `~${number.toString(RADIX).padStart(NUMBER_DIGITS, '0')}`;
  return mark + wordsFor(number, TEXT_BYTES - MARKED_BYTES);
}

/** Calls `found` with the number of every text in there. */
export function findTexts(bytes: Buffer, found: (number: number) => void): void {
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at + MARKED_BYTES)) {
    const number = Number.parseInt(bytes.toString('latin1', at + 1, at + MARKED_BYTES), RADIX);
    if (number >= 0) found(number);
  }
}

/** In one of the two scripts; dots are where no whole character fits. */
function wordsFor(number: number, bytes: number): string {
  const words = scattered(number) % 2 === 0 ? ENGLISH : CHINESE;
  let text = '';
  for (let left = bytes, next = number * bytes; left > 0; next++) {
    for (const character of words[scattered(next) % words.length] ?? '') {
      const size = Buffer.byteLength(character);
      text += size > left ? '.'.repeat(left) : character;
      left = Math.max(0, left - size);
      if (left === 0) break;
    }
  }
  return text;
}

/** Numbers one after the other become numbers that have nothing to do with each other (a step of MurmurHash3). */
export function scattered(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const LINES = [
  '明天几点集合？',
  'who brings the maps?',
  '我在图书馆二楼等你们',
  'can someone send me page 43',
  '作业第七题怎么做',
  'the answer is 12.5, not 12',
  '老师说可以用计算器',
  'ok see you at the gate',
  '下午的实验课改到周四了',
  'I left my umbrella in room 204',
  '谁有上节课的笔记？',
  'haha same here',
  '小组报告我写完第一部分了',
  'is the bus late again?',
  '食堂今天有番茄炒蛋',
  'count me in',
  '收到，谢谢老师',
  'which version do we print?',
  '我这边网有点慢',
  'she said Friday at the latest',
  '周末一起去看展览吗',
  'please check your e-mail',
  '公式写反了，分母是 x+1',
  'good luck everyone!',
  '书带了吗？我忘了',
  'the link does not open for me',
  '先别交，还要改一下',
  'try it in another browser',
  '今天值日的是谁',
  'ten minutes, I am on my way',
  '这张图好看多了',
  'do we need the graph too?',
  '班长帮忙统计一下人数',
  'I think B is the right one',
  '考试范围是第三到第五章',
  'thanks, that helped a lot',
  '我明天请假，有事打电话',
  'where did you find that?',
  '运动会报名截止今晚十点',
  'my phone is almost dead',
  '别忘了带校园卡',
  'we could meet at five instead',
  '他说的是另一个教室',
  'yes, both pages',
  '投影仪又坏了',
  'let us vote on it',
  '这个单词怎么读',
  'send it as a file please',
  '雨停了，出来打球',
  'no idea, ask Mr Wang',
  '晚上八点线上讨论',
  'mine looks different, why?',
  '已经放在老师桌上了',
  'sorry, wrong thread',
  '我觉得第二个方案更好',
  'what time does it close',
  '等我五分钟',
  'can you explain step three',
  '通知在群公告里',
  'well done, team',
] as const;

const isChinese = (line: string): boolean => /\p{Script=Han}/u.test(line);

/** Words, each with the blank after it; and characters. */
const ENGLISH = LINES.filter((line) => !isChinese(line)).flatMap((line) => `${line} `.match(/\S+ /g) ?? []);
const CHINESE = LINES.filter(isChinese).flatMap((line) => [...line]);
