import { type Component, shallowRef } from 'vue';

/** What shows markup; undefined until a message had some, and it was loaded. */
export const shownMarkdown = shallowRef<Component>();

let asked = false;

/** Loads it. Where that fails, texts stay as they were typed, and the next one that has markup tries again. */
export async function askForMarkdown(): Promise<void> {
  if (asked) return;
  asked = true;
  try {
    shownMarkdown.value = (await import('./MarkdownText.ts')).default;
  } catch {
    asked = false;
  }
}
