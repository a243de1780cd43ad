import { CLIENT_ERRORS, CLOSES } from '@pokers/protocol/codes';

/**
 * Everything that fails, fails with this. `code` and `error` are those of the server's table of errors; where it was
 * not the server that said no, `code` is 0 and `error` is `network` (no answer came), `closed` (the client or
 * channel was closed, or the entry discarded) or `too_old` (it waited in the outbox for two weeks). A connection that the server ended for good carries its close code (4101 and so on).
 */
export class PokersError extends Error {
  override readonly name = 'PokersError';

  constructor(
    readonly code: number,
    readonly error: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** An error of the server's table that the client finds by itself, without asking. */
  static of(name: keyof typeof CLIENT_ERRORS): PokersError {
    return new PokersError(CLIENT_ERRORS[name].code, name, CLIENT_ERRORS[name].message);
  }

  /** No answer came; whether the request was carried out is not known. */
  static network(message: string, cause?: unknown): PokersError {
    return new PokersError(0, 'network', message, cause === undefined ? undefined : { cause });
  }

  static closed(message: string): PokersError {
    return new PokersError(0, 'closed', message);
  }

  /** Why a connection ended for good. */
  static close(code: number, reason: string): PokersError {
    const [name, entry] = Object.entries(CLOSES).find(([, close]) => close.code === code) ?? [];
    return new PokersError(code, name ?? 'closed', reason || (entry?.reason ?? 'The connection was closed.'));
  }
}

/** Whether no answer came, so that asking again is what helps. */
export function isNetworkError(error: unknown): boolean {
  return error instanceof PokersError && error.error === 'network';
}

/** The error itself where it is one of ours, else one that wraps it. */
export function toPokersError(error: unknown): PokersError {
  if (error instanceof PokersError) return error;
  return PokersError.network(error instanceof Error ? error.message : String(error), error);
}
