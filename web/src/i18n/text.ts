import type { ErrorName } from '@pokers/protocol/codes';
import type { en } from './en.ts';

/** One form for each plural category that the language has (Intl.PluralRules); the slot {count} decides. */
export interface PluralText {
  readonly one?: string;
  readonly other: string;
}

export type Text = string | PluralText;

/** Every error of the server has a text in every language, and so have those that the SDK makes itself. */
type ErrorKey = `error.${ErrorName | 'network' | 'closed' | 'too_old' | 'frame_too_large'}`;

/** Those that come without a line to the server, and those that stand for a state, are there from the start. */
export type FirstErrorKey = Extract<TextKey, `error.${string}`>;

/** The others are loaded when the first of them comes. */
export type SeldomTexts = Readonly<Record<Exclude<ErrorKey, FirstErrorKey>, string>>;

type English = typeof en;
export type TextKey = keyof English;

/** What another language must have: the same keys, with plurals where English has them. */
export type Texts = { readonly [K in TextKey]: English[K] extends string ? string : PluralText };

type SlotNames<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | SlotNames<Rest> : never;
type SlotsOf<K extends TextKey> = SlotNames<English[K] extends PluralText ? English[K]['other'] : English[K]>;

/** The values for the {slots} of a text: none where it has none. */
export type Slots<K extends TextKey> = [SlotsOf<K>] extends [never]
  ? []
  : [slots: Record<SlotsOf<K>, string | number>];

/** A text with its plural form chosen and its slots filled. */
export function fillText(
  text: Text,
  rules: Intl.PluralRules,
  slots: Readonly<Record<string, string | number>> = {},
): string {
  return formOf(text, rules, slots.count).replace(/\{(\w+)\}/g, (slot, name: string) =>
    String(slots[name] ?? slot),
  );
}

function formOf(text: Text, rules: Intl.PluralRules, count: string | number | undefined): string {
  if (typeof text === 'string') return text;
  return rules.select(Number(count)) === 'one' ? (text.one ?? text.other) : text.other;
}
