/** Who asks, as the network shows them: kept with the session, and in the record of what was done. */
export interface Caller {
  /** The whole address, of which limits may count a part. */
  readonly address: string;
  readonly userAgent: string;
}

/** Longer ones say nothing more. */
const USER_AGENT_CHARS = 300;

export function callerOf(address: string | undefined, headers: Headers): Caller {
  return {
    address: address ?? 'unknown',
    userAgent: (headers.get('user-agent') ?? '').slice(0, USER_AGENT_CHARS),
  };
}
