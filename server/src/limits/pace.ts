import type { Caps } from './caps.ts';
import { RateTable } from './rate-table.ts';
import type { Refusals } from './refusals.ts';

/** Most pairs of user and thread, and most users, that are remembered: some 100 bytes for each. */
const ENTRIES_MAX = 20_000;

/** How fast people may change things, and search. What is beyond is refused and not stored; their connection goes on. */
export class Pace {
  readonly #refusals: Refusals;
  readonly #posts: RateTable;
  readonly #announces: RateTable;
  readonly #changes: RateTable;
  readonly #searches: RateTable;

  constructor(caps: Caps, refusals: Refusals) {
    this.#refusals = refusals;
    const posting = { burst: caps.postsBurst, everyMs: 1000 / caps.postsPerSecond };
    this.#posts = new RateTable(posting, ENTRIES_MAX);
    this.#announces = new RateTable(posting, ENTRIES_MAX);
    const changing = { burst: caps.changesBurst, everyMs: 1000 / caps.changesPerSecond };
    this.#changes = new RateTable(changing, ENTRIES_MAX);
    const searching = { burst: caps.searchesBurst, everyMs: 1000 / caps.searchesPerSecond };
    this.#searches = new RateTable(searching, ENTRIES_MAX);
  }

  /** A post, beside being a change. @throws too_many */
  post(user: number, thread: number): void {
    const early = this.#posts.take(`${user}/${thread}`);
    if (early > 0) throw this.#refusals.tooMany('posts', early);
  }

  /** Anything that is written. @throws too_many */
  change(user: number): void {
    const early = this.#changes.take(String(user));
    if (early > 0) throw this.#refusals.tooMany('changes', early);
  }

  /** A search, or names that are looked up. @throws too_many */
  search(user: number): void {
    const early = this.#searches.take(String(user));
    if (early > 0) throw this.#refusals.tooMany('searches', early);
  }

  /** Whether a classic `send` is in time: it shows to many what is stored already, as often as one asks. */
  mayAnnounce(user: number, thread: number): boolean {
    if (this.#announces.take(`${user}/${thread}`) === 0) return true;
    this.#refusals.count('announces');
    return false;
  }
}
