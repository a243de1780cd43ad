/** What a newcomer finds with --demo: test data, in the two languages that the classes of our users speak. */

export const DEMO_EMAIL_HOST = 'demo.example';
export const DEMO_HEAD = 'Chen 陈老师';
export const DEMO_PEOPLE = [DEMO_HEAD, 'Ming 小明', 'Lily', 'Hao 子豪', 'Sofia'] as const;

export const DEMO_CLASS = {
  name: 'Demo class 示例班级',
  description: 'Look around, write something, break nothing.',
};

type Person = (typeof DEMO_PEOPLE)[number];

export const DEMO_THREADS: readonly {
  name: string;
  lines: readonly (readonly [speaker: Person, text: string])[];
}[] = [
  {
    name: 'Field trip 春游',
    lines: [
      [DEMO_HEAD, '大家好！下周五我们去植物园，早上八点在校门口集合。'],
      [DEMO_HEAD, 'Hello everyone! Next Friday we visit the botanical garden. We meet at the gate at eight.'],
      ['Ming 小明', '要带午饭吗？'],
      [DEMO_HEAD, '要的，再带一瓶水。门票学校出。'],
      ['Lily', 'Can we bring a camera?'],
      [DEMO_HEAD, 'Of course. We put the best pictures on the wall afterwards.'],
      ['Hao 子豪', '如果下雨呢？'],
      [DEMO_HEAD, '下雨就改到再下一个星期五，我会提前一天在这里通知。'],
      ['Sofia', 'I will bring the map from last year 🗺️'],
      ['Ming 小明', '太好了，谢谢老师！'],
    ],
  },
  {
    name: 'Maths homework 数学作业',
    lines: [
      ['Lily', 'Is exercise 7 on page 42 or on page 43?'],
      ['Hao 子豪', '第 43 页，上面那道是例题。'],
      ['Ming 小明', '第 7 题我算出来是 12，你们呢？'],
      ['Sofia', 'I got 12 too, but I am not sure about the last step.'],
      [DEMO_HEAD, '12 是对的。最后一步明天上课我们一起看。'],
      ['Lily', 'Thank you!'],
    ],
  },
];
