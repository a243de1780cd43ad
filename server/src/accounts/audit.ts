/** What was done to an account, by whom and from where. */
export interface AuditEntry {
  /** Unix seconds. */
  readonly date: number;
  /** The user who did it; null where nobody was signed in. */
  readonly actor: number | null;
  readonly action: string;
  /** The user to whom it was done. */
  readonly user: number | null;
  readonly class: number | null;
  readonly address: string;
  readonly detail: object;
}

/** Keeps a record of what was done. Nobody waits for it, and it never fails. */
export interface Audit {
  record(entry: AuditEntry): void;
}
