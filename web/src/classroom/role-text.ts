/** What members of a class are called by their roles; it comes with the pages that show it. */
export const roleText = {
  en: {
    head: 'Head',
    teacher: 'Teacher',
    student: 'Student',
    guest: 'Guest',
  },
  'zh-CN': {
    head: '负责人',
    teacher: '老师',
    student: '学生',
    guest: '访客',
  },
} as const;
