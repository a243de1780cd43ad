/** What someone who types is offered. */
export interface Offer {
  readonly key: string;
  /** What is put in place of what was typed. */
  readonly text: string;
  readonly label: string;
  /** Whom it mentions: a user's id; 0 is everyone. */
  readonly person?: number;
}

/** What helps with writing: completes emoji and people. Loaded when the first is called for. */
export interface ComposerHelp {
  /** Whether it took the key. */
  onKey(event: KeyboardEvent): boolean;
  /** Whom a text mentions, by id; 0 is everyone. Undefined while it is not known who is meant by a name in it. */
  mentions(text: string): number[] | undefined;
}
