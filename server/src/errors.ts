import { ERRORS, type ErrorName } from '@pokers/protocol/codes';

/**
 * A failure that a client is told about. `name`s, numbers and texts stand in the one table of the protocol;
 * `detail` adds what is particular to this case.
 */
export class PokersError extends Error {
  readonly error: ErrorName;
  readonly detail: string | undefined;
  /** Seconds after which it may go well. */
  readonly retryAfter: number | undefined;

  constructor(error: ErrorName, detail?: string, options?: { cause?: unknown; retryAfter?: number }) {
    super(detail ? `${ERRORS[error].message} (${detail})` : ERRORS[error].message, options);
    this.name = 'PokersError';
    this.error = error;
    this.detail = detail;
    this.retryAfter = options?.retryAfter;
  }

  get code(): number {
    return ERRORS[this.error].code;
  }

  get http(): (typeof ERRORS)[ErrorName]['http'] {
    return ERRORS[this.error].http;
  }

  /** The headers that the HTTP door answers with it. */
  get headers(): Record<string, string> {
    return this.retryAfter === undefined ? {} : { 'retry-after': String(this.retryAfter) };
  }

  /** What goes over the wire, on every door. */
  toJSON(): { code: number; error: ErrorName; msg: string } {
    return { code: this.code, error: this.error, msg: this.message };
  }
}

/** A mistake in how the program was started: the command line prints the message alone and exits with 2. */
export class UsageError extends Error {}

/** Something outside that keeps the program from running: the command line prints the message alone and exits with 1. */
export class StartError extends Error {}
