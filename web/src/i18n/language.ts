import { PokersError } from '@pokers/sdk';
import { computed, type InjectionKey, type Ref, ref, shallowRef, watchEffect } from 'vue';
import { keepPreference, readPreference } from '../preference.ts';
import { provided } from '../provided.ts';
import { type Calendar, createCalendar } from './calendar.ts';
import {
  type FirstErrorKey,
  fillText,
  type SeldomTexts,
  type Slots,
  type TextKey,
  type Texts,
} from './text.ts';

/** Each language's name in itself, and short. */
export const LANGUAGES = {
  en: { name: 'English', short: 'EN' },
  'zh-CN': { name: '简体中文', short: '中文' },
} as const;

export type LanguageTag = keyof typeof LANGUAGES;

/** Each language comes over the line when it is first chosen, and no other does. */
const TEXTS: Record<LanguageTag, () => Promise<Texts>> = {
  en: async () => (await import('./en.ts')).en,
  'zh-CN': async () => (await import('./zh-CN.ts')).zhCN,
};

const SELDOM: Record<LanguageTag, () => Promise<SeldomTexts>> = {
  en: async () => (await import('./en-seldom.ts')).enSeldom,
  'zh-CN': async () => (await import('./zh-CN-seldom.ts')).zhCNSeldom,
};

export interface Language {
  readonly tag: Readonly<Ref<LanguageTag>>;
  readonly calendar: Readonly<Ref<Calendar>>;
  /** Nothing changes where its texts cannot be loaded. */
  choose(tag: LanguageTag): Promise<void>;
  text<K extends TextKey>(key: K, ...slots: Slots<K>): string;
  /**
   * What a failure means, for the person who reads it, by the stable name of the error. Empty while the texts of the
   * seldom ones are loaded: whoever shows it follows by itself.
   */
  explain(failure: unknown): string;
}

export const languageKey: InjectionKey<Language> = Symbol('language');
export const useLanguage = (): Language => provided(languageKey);

/** `wanted` are the browser's languages, the dearest first. `<html lang>` follows, so that fonts and speech do. */
export async function createLanguage(root: HTMLElement, wanted: readonly string[]): Promise<Language> {
  const tag = ref<LanguageTag>(keptTag() ?? preferredTag(wanted));
  const texts = shallowRef(await TEXTS[tag.value]());
  const seldom = shallowRef<{ tag: LanguageTag; texts: Readonly<Record<string, string>> }>();
  const rules = computed(() => new Intl.PluralRules(tag.value));
  const calendar = computed(() => createCalendar(regionalTag(tag.value, wanted)));
  watchEffect(() => {
    root.lang = tag.value;
  });

  const text: Language['text'] = (key, ...[slots]) => fillText(texts.value[key], rules.value, slots);
  async function loadSeldom(of: LanguageTag): Promise<void> {
    const loaded = await SELDOM[of]().catch(() => ({}));
    seldom.value = { tag: of, texts: loaded };
  }

  return {
    tag,
    calendar,
    text,
    async choose(next) {
      keepPreference('language', next);
      texts.value = await TEXTS[next]();
      tag.value = next;
    },
    explain(failure) {
      if (!(failure instanceof PokersError)) return text('error.internal');
      const key = `error.${failure.error}`;
      if (isFirst(key, texts.value)) return text(key);
      if (seldom.value?.tag === tag.value) return seldom.value.texts[key] ?? text('error.internal');
      void loadSeldom(tag.value);
      return '';
    },
  };
}

/** The first of the browser's languages that we have, by its primary part; else English. */
export function preferredTag(wanted: readonly string[]): LanguageTag {
  for (const language of wanted) {
    if (/^zh\b/i.test(language)) return 'zh-CN';
    if (/^en\b/i.test(language)) return 'en';
  }
  return 'en';
}

/** The reader's own variant of a language, e.g. en-GB, so that dates and clocks look as at home. */
export function regionalTag(tag: LanguageTag, wanted: readonly string[]): string {
  const primary = tag.slice(0, 2);
  return tag === 'en'
    ? (wanted.find((language) => language.toLowerCase().startsWith(`${primary}-`)) ?? tag)
    : tag;
}

function keptTag(): LanguageTag | undefined {
  const kept = readPreference('language');
  return kept === 'en' || kept === 'zh-CN' ? kept : undefined;
}

function isFirst(key: string, texts: Texts): key is FirstErrorKey {
  return key in texts;
}
