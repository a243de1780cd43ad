/** What a newcomer finds with --demo: test data, in the two languages that the classes of our users speak. */

export const DEMO_EMAIL_HOST = 'demo.example';
export const DEMO_HEAD = 'Chen 陈老师';
export const DEMO_PEOPLE = [DEMO_HEAD, 'Ming 小明', 'Lily', 'Hao 子豪', 'Sofia'] as const;

export const DEMO_CLASS = {
  name: 'Demo class 示例班级',
  description: 'Look around, write something, break nothing.',
};

type Person = (typeof DEMO_PEOPLE)[number];

/** What has happened to a line beside being said. */
export interface LineExtra {
  /** Which line of the thread it answers, from 0. */
  readonly answers?: number;
  readonly mentions?: readonly Person[];
  readonly reactions?: readonly (readonly [emoji: string, ...who: Person[]])[];
  readonly pinned?: true;
}

export interface DemoThread {
  readonly name: string;
  /** Only teachers post in it. */
  readonly readOnly?: true;
  readonly lines: readonly (readonly [speaker: Person, text: string, extra?: LineExtra])[];
}

export const DEMO_THREADS: readonly DemoThread[] = [
  {
    name: 'Field trip 春游',
    lines: [
      [DEMO_HEAD, '大家好！下周五我们去植物园，早上八点在校门口集合。', { pinned: true }],
      [DEMO_HEAD, 'Hello everyone! Next Friday we visit the botanical garden. We meet at the gate at eight.'],
      ['Ming 小明', '要带午饭吗？'],
      [
        DEMO_HEAD,
        '要的，再带一瓶水。门票学校出。',
        { answers: 2, reactions: [['👍', 'Ming 小明', 'Hao 子豪']] },
      ],
      ['Lily', 'Can we bring a camera?'],
      [
        DEMO_HEAD,
        'Of course. We put the best pictures on the wall afterwards.',
        { answers: 4, reactions: [['🎉', 'Lily', 'Sofia', 'Ming 小明']] },
      ],
      ['Hao 子豪', '如果下雨呢？'],
      [DEMO_HEAD, '@Hao 子豪 下雨就改到再下一个星期五，我会提前一天在这里通知。', { mentions: ['Hao 子豪'] }],
      ['Sofia', 'I will bring the map from last year 🗺️', { reactions: [['❤️', DEMO_HEAD, 'Lily']] }],
      ['Ming 小明', '太好了，谢谢老师！'],
    ],
  },
  {
    name: 'Maths homework 数学作业',
    lines: [
      ['Lily', 'Is exercise 7 on page 42 or on page 43?'],
      ['Hao 子豪', '第 43 页，上面那道是例题。', { answers: 0 }],
      ['Ming 小明', '第 7 题我算出来是 $x = 12$，你们呢？'],
      ['Sofia', 'I got 12 too, but I am not sure about the last step: $\\sqrt{x^2} = |x|$, right?'],
      [
        DEMO_HEAD,
        '12 是对的。最后一步明天上课我们一起看。想练习的话：\n\n- [x] 第 7 题\n- [ ] 第 8 题\n- [ ] 第 9 题，用 **两种** 方法',
        { reactions: [['👍', 'Lily', 'Sofia', 'Hao 子豪']] },
      ],
      ['Lily', 'Thank you!'],
    ],
  },
  {
    name: 'Announcements 通知',
    readOnly: true,
    lines: [
      [
        DEMO_HEAD,
        '周三下午学校运动会，没有课。\n\nSports day on Wednesday afternoon: no lessons.',
        { pinned: true },
      ],
    ],
  },
];
