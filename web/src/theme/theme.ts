import { type InjectionKey, type Ref, ref, watchEffect } from 'vue';
import { keepPreference, readPreference } from '../preference.ts';
import { provided } from '../provided.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface ThemeChoice {
  readonly theme: Ref<Theme>;
  /** From auto to light to dark and round again. */
  next(): void;
}

export const themeKey: InjectionKey<ThemeChoice> = Symbol('theme');
export const useTheme = (): ThemeChoice => provided(themeKey);

/** Follows the choice with `<html data-theme>`; `auto` has none, and the system decides. early.js reads the same key. */
export function createTheme(root: HTMLElement): ThemeChoice {
  const kept = readPreference('theme');
  const theme = ref(THEMES.find((known) => known === kept) ?? 'auto');
  watchEffect(() => {
    if (theme.value === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme.value;
  });
  return {
    theme,
    next() {
      theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'auto';
      keepPreference('theme', theme.value);
    },
  };
}
