import type { Kysely } from 'kysely';
import type { AccountStore } from '../accounts/account-store.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { Reads } from './statement.ts';
import type { Store } from './store.ts';

/** All that keeps what is durable, as one serving process has it open. */
export interface Engine {
  readonly store: Store;
  readonly accounts: AccountStore;
  /** Whose a session or token is. */
  readonly sessions: Reads;
  /** For the account library: its statements are durable when their promise resolves. */
  readonly db: Kysely<unknown>;
  readonly searchIndex: SearchIndex;
  /** What sessions are signed with: of all processes the same. */
  readonly secret: string;
  /** Writes that wait for their commit now. */
  readonly waiting: number;
  /** Waits for what is under way, then lets go. The index of search is closed before. */
  close(): Promise<void>;
}

export interface EngineHearer {
  /** Told once when it cannot save any more, with the reason, and once when it can again, without. */
  onTrouble(reason?: string): void;
}

/** The durable things before anyone is served: theirs alone to use, and of the present schema. */
export interface Claim {
  /** Where it is, as people are told: without a password. */
  readonly place: string;
  /** Whether someone heads the server; until then the next one to sign up will. */
  hasHead(): Promise<boolean>;
  /** To be called when the server has ended in good order. */
  release(): Promise<void>;
}
