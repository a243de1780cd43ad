/** What people react with most: on the tools of a message the first three, in the picker all, before the others. */
export const QUICK_EMOJI = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '👏'] as const;
