/** The texts of the bar that says who is signed in; they come with it. */
export const accountBarText = {
  en: {
    page: 'Your account',
    stars: 'Starred messages',
    'sign-out': 'Sign out',
    'sign-out.unsent': 'You have messages that were not sent yet. Sign out and lose them?',
  },
  'zh-CN': {
    page: '你的账户',
    stars: '收藏的消息',
    'sign-out': '退出登录',
    'sign-out.unsent': '还有消息没有发出。确定退出并放弃这些消息吗？',
  },
} as const;
