/** The texts of the quick switcher; they come with it. */
export const switcherText = {
  en: {
    title: 'Go to…',
    label: 'Class, thread or person, also in pinyin',
    threads: 'Threads',
    classes: 'Classes',
    people: 'Messages from',
    search: 'Search',
    'search.for': 'Messages with “{text}”',
    'search.all': 'Search messages',
    list: 'Where to',
    found: { one: '{count} place', other: '{count} places' },
  },
  'zh-CN': {
    title: '跳转到…',
    label: '班级、话题或成员，支持拼音',
    threads: '话题',
    classes: '班级',
    people: '某人的消息',
    search: '搜索',
    'search.for': '含“{text}”的消息',
    'search.all': '搜索消息',
    list: '去哪里',
    found: { other: '{count} 项' },
  },
} as const;
