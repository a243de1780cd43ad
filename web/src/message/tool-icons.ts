/** Line drawings on a grid of 24, for what is done to messages. */
export const TOOL_ICONS = {
  react: 'M12 3.5a8.5 8.5 0 1 0 8.5 8.5M8.5 14a4.5 4.5 0 0 0 7 0M9 9.5v.1M15 9.5v.1M19 2.5v6M16 5.5h6',
  edit: 'M5 19l1-4L16 5l3 3L9 18zM13.5 7.5l3 3',
  more: 'M5 12h.5M11.75 12h.5M18.5 12h.5',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1',
  delete: 'M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14a6.5 6.5 0 0 1 3.5 6',
  reply: 'M9 6l-5 5 5 5M4 11h10a6 6 0 0 1 6 6v1',
  star: 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z',
} as const;

export type ToolIconName = keyof typeof TOOL_ICONS;
