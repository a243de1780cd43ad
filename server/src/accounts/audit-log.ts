import { type AuditDetail, type AuditEntry, auditStep } from '../store/audit.ts';
import type { Records } from '../store/records.ts';
import type { User } from '../store/store.ts';
import type { Caller } from './caller.ts';

/** Entries that may wait for the store; further ones are lost, and counted in the next that is not. */
const WAITING_MAX = 1_000;

/** Pairs of account and address whose failures are counted apart; those beyond share one entry. */
const FAILURES_MAX = 100;

/** Failures of one pair are told of at once, and then once in so many seconds. */
const FAILURES_EVERY = 60;

interface Failures {
  readonly user: User | undefined;
  readonly address: string;
  /** When they were last told of, in Unix seconds, and how many there were since. */
  told: number;
  count: number;
}

export interface Done {
  /** Who did it; null where nobody was signed in. */
  readonly actor: User | null;
  readonly action: string;
  /** To whom, where not to themselves. */
  readonly user?: User;
  readonly detail?: AuditDetail;
}

/** The entry that a change of an account is written with: see `AccountStore.change`. Of the people it has no more than it shows. */
export function entryOf({ actor, action, user, detail }: Done, { address }: Caller): AuditEntry {
  const whom = user ?? actor;
  return {
    date: now(),
    actor: actor && { id: actor.id, name: actor.name },
    action,
    address,
    ...(whom && { user: { id: whom.id, name: whom.name } }),
    ...(detail && { detail }),
  };
}

/**
 * What was done that changes no account, or of which the entry is known afterwards only, in the audit log. It never fails,
 * and nobody need wait for it. However many wrong passwords come, they make some two entries a second at most.
 */
export class AuditLog {
  readonly #records: Pick<Records, 'atomically' | 'db'>;
  readonly #onError: (error: unknown) => void;
  readonly #failures = new Map<string, Failures>();
  #waiting = 0;
  #lost = 0;

  constructor(records: Pick<Records, 'atomically' | 'db'>, onError: (error: unknown) => void) {
    this.#records = records;
    this.#onError = onError;
  }

  /** @returns when it is written, or cannot be */
  record(done: Done, caller: Caller): Promise<void> {
    return this.#write(entryOf(done, caller));
  }

  /** A wrong password or code. What was typed is not kept: it may be a password in the wrong field. */
  failed(user: User | undefined, { address }: Caller): void {
    const key = `${user?.id ?? ''} ${address}`;
    const known = this.#failures.get(key);
    if (known) {
      known.count++;
    } else if (this.#failures.size < FAILURES_MAX) {
      const failures = { user, address, told: now(), count: 1 };
      this.#failures.set(key, failures);
      this.#tell(failures);
    } else {
      const others = this.#failures.get(OTHERS) ?? {
        user: undefined,
        address: OTHERS,
        told: now(),
        count: 0,
      };
      others.count++;
      this.#failures.set(OTHERS, others);
    }
  }

  /** Tells of the failures whose time has come: to be called every second. */
  sweep(): void {
    const before = now() - FAILURES_EVERY;
    for (const [key, failures] of this.#failures) {
      if (failures.told > before) continue;
      if (failures.count === 0) this.#failures.delete(key);
      else this.#tell(failures);
    }
  }

  /** Before the store closes: tells of what has not been told of yet. */
  flush(): void {
    for (const failures of this.#failures.values()) if (failures.count > 0) this.#tell(failures);
  }

  #tell(failures: Failures): void {
    const { user, address, count } = failures;
    failures.told = now();
    failures.count = 0;
    this.#write({
      date: now(),
      actor: null,
      action: 'sign_in.failed',
      address,
      ...(user && { user }),
      detail: { count },
    });
  }

  async #write(entry: AuditEntry): Promise<void> {
    if (this.#waiting >= WAITING_MAX) {
      this.#lost++;
      return;
    }
    const lost = this.#lost;
    const detail = lost > 0 ? { ...entry.detail, lost } : entry.detail;
    this.#lost = 0;
    this.#waiting++;
    const { db } = this.#records;
    await this.#records
      .atomically([auditStep(db, { ...entry, ...(detail && { detail }) })])
      .catch(this.#onError);
    this.#waiting--;
  }
}

/** Stands for the addresses of failures that are too many to be told apart. */
const OTHERS = 'several';

function now(): number {
  return Math.floor(Date.now() / 1000);
}
