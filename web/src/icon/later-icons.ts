/** Line drawings on a grid of 24, of parts that are loaded later. */
export const LATER_ICONS = {
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  leave: 'M10 5H5v14h5M14 8l4 4-4 4M18 12H9',
  calendar: 'M5 6h14v14H5zM5 10h14M9 3v4M15 3v4',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l2 1H4zM10 21h4',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
} as const;
