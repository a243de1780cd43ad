/** The texts of a post that was not sent; they come with it. */
export const failedPostText = {
  en: {
    failed: 'Not sent. {reason}',
    retry: 'Retry',
    edit: 'Back to the text box',
    discard: 'Discard',
  },
  'zh-CN': {
    failed: '发送失败：{reason}',
    retry: '重发',
    edit: '放回输入框',
    discard: '丢弃',
  },
} as const;
