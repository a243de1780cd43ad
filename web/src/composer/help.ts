/** What helps with writing: completes emoji and people. Loaded when the first is called for. */
export interface ComposerHelp {
  /** Whether it took the key. */
  onKey(event: KeyboardEvent): boolean;
}
