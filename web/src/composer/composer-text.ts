/** The texts of what helps with writing; they come with it. */
export const composerText = {
  en: {
    emoji: 'Emoji that fit',
    people: 'People who fit',
    everyone: 'everyone',
    found: {
      one: '{count} fits: arrows choose, Enter takes it',
      other: '{count} fit: arrows choose, Enter takes one',
    },
  },
  'zh-CN': {
    emoji: '匹配的表情',
    people: '匹配的成员',
    everyone: '所有人',
    found: { other: '{count} 个匹配：方向键选择，Enter 确认' },
  },
} as const;
