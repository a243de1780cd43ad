/** The texts of the form that makes a thread; they come with it. */
export const newThreadText = {
  en: {
    'thread.create.submit': 'Create',
    'thread.name': 'What is it about?',
    'thread.name.missing': 'Enter a name.',
  },
  'zh-CN': {
    'thread.create.submit': '创建',
    'thread.name': '聊些什么？',
    'thread.name.missing': '请输入话题名称。',
  },
} as const;
