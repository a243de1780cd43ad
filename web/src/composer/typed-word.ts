/** What someone is typing that can be completed: an emoji by its name, or a person. */
export interface TypedWord {
  readonly kind: 'emoji' | 'person';
  /** What was typed of it, without its mark. */
  readonly typed: string;
  /** Where its mark stands in the text. */
  readonly start: number;
}

/** `:smi` or ：笑, at least two letters or one Chinese character, so that 8:30 and :) are let alone. */
const EMOJI = /(?:^|[^A-Za-z0-9:：])[:：]((?=.*(?:[^\d_+-]{2}|\p{Script=Han}))[\p{L}\p{N}_+-]{1,30})$/u;
/** `@` and as much of a name as stands there. In an e-mail address it is part of a word. */
const PERSON = /(?:^|[^A-Za-z0-9._@-])@([^\s@]{0,30})$/u;
/** An emoji's whole name: `:smile:`. */
const CLOSED = /(?:^|[^A-Za-z0-9:：])[:：]([\p{L}\p{N}_+-]{1,40})[:：]$/u;

/** @param text what stands before the caret */
export function typedWord(text: string): TypedWord | undefined {
  const [, emoji] = EMOJI.exec(text) ?? [];
  if (emoji !== undefined) return { kind: 'emoji', typed: emoji, start: text.length - emoji.length - 1 };
  const [, person] = PERSON.exec(text) ?? [];
  if (person !== undefined) return { kind: 'person', typed: person, start: text.length - person.length - 1 };
  return undefined;
}

/** The name in `:name:` where the text ends with one, and where it begins. */
export function closedName(text: string): { readonly name: string; readonly start: number } | undefined {
  const [, name] = CLOSED.exec(text) ?? [];
  return name === undefined ? undefined : { name, start: text.length - name.length - 2 };
}
