import { computed } from 'vue';
import { type LanguageTag, useLanguage } from './language.ts';
import { fillText, type Text } from './text.ts';

type PageTexts<Key extends string> = Readonly<Record<LanguageTag, Readonly<Record<Key, Text>>>>;

/** The texts of a page that is loaded when it is first opened: they come with it, in both languages. */
export function usePageText<Key extends string>(
  texts: PageTexts<Key>,
): (key: Key, slots?: Readonly<Record<string, string | number>>) => string {
  const { tag } = useLanguage();
  const rules = computed(() => new Intl.PluralRules(tag.value));
  return (key, slots) => fillText(texts[tag.value][key], rules.value, slots);
}
