import type { StoredEntry } from './entry.ts';

/** What pages tell each other: an entry is there or has another state; an entry is answered, or without an answer discarded. */
export type News =
  | { readonly put: StoredEntry }
  | { readonly gone: string; readonly answer?: object | undefined };

export interface ShareOwner {
  /** From now on this page sends, for all. */
  onLead(): void;
  /** Another page took the lead. */
  onLost(): void;
  onNews(news: News): void;
}

/** How the pages of one browser agree on who sends what one user wrote, and keep each other up to date. */
export interface Share {
  /** Whether one page at a time has the lead. If not, nobody gets it. */
  readonly exclusive: boolean;
  tell(news: News): void;
  /** Asks for the lead; onLead is called when it is there, which may be never. */
  seek(): void;
  /** Takes the lead from a page that does not use it: a phone's browser holds still the pages that nobody looks at. */
  seize(): void;
  /** Gives the lead up, or no longer asks for it. */
  yield(): void;
  close(): void;
}

/** `name` is the same in all pages that share. */
export function shareAmongPages(name: string, owner: ShareOwner): Share {
  const hasChannels = 'BroadcastChannel' in globalThis;
  // Browsers have locks on https pages and localhost only.
  return hasChannels && navigator.locks ? new LockedShare(name, owner) : new LooseShare(name, owner);
}

/** A client that nobody shares with. */
export function shareWithNobody(owner: ShareOwner): Share {
  return {
    exclusive: true,
    tell: () => {},
    seek: () => owner.onLead(),
    seize: () => {},
    yield: () => {},
    close: () => {},
  };
}

/** Who holds the lock has the lead; when its page goes, the browser gives the lock to the next. */
class LockedShare implements Share {
  readonly exclusive = true;
  readonly #channel: BroadcastChannel;
  #wish: AbortController | undefined;
  #release: (() => void) | undefined;

  constructor(
    private readonly name: string,
    private readonly owner: ShareOwner,
  ) {
    this.#channel = openChannel(name, owner);
  }

  tell(news: News): void {
    this.#channel.postMessage(news);
  }

  seek(): void {
    this.yield();
    this.#wish = new AbortController();
    this.#request(this.#wish, { signal: this.#wish.signal });
  }

  seize(): void {
    this.yield();
    this.#wish = new AbortController();
    this.#request(this.#wish, { steal: true });
  }

  yield(): void {
    this.#wish?.abort();
    this.#wish = undefined;
    this.#release?.();
    this.#release = undefined;
  }

  close(): void {
    this.yield();
    this.#channel.close();
  }

  #request(wish: AbortController, options: LockOptions): void {
    const hold = (): Promise<void> | undefined => {
      if (this.#wish !== wish) return undefined;
      this.owner.onLead();
      return new Promise((resolve) => {
        this.#release = resolve;
      });
    };
    navigator.locks.request(this.name, options, hold).catch((error: unknown) => {
      // Given up by this page itself.
      if (this.#wish !== wish) return;
      // No locks in this kind of page: sending what others send, too, is better than sending nothing.
      if (!(error instanceof DOMException) || error.name !== 'AbortError') return this.owner.onLead();
      // Another page seized the lock: this one queues again.
      this.owner.onLost();
      this.seek();
    });
  }
}

/**
 * Without locks nobody knows who else sends. Each page sends what it made itself, and with each new line what the others
 * have left. The same entry may then go out twice, which costs bytes and nothing else: its nonce lets it be carried out
 * once.
 */
class LooseShare implements Share {
  readonly exclusive = false;
  readonly #channel: BroadcastChannel | undefined;

  constructor(name: string, owner: ShareOwner) {
    if ('BroadcastChannel' in globalThis) this.#channel = openChannel(name, owner);
  }

  tell(news: News): void {
    this.#channel?.postMessage(news);
  }

  seek(): void {}
  seize(): void {}
  yield(): void {}

  close(): void {
    this.#channel?.close();
  }
}

function openChannel(name: string, owner: ShareOwner): BroadcastChannel {
  const channel = new BroadcastChannel(name);
  channel.onmessage = (message: MessageEvent<News>) => owner.onNews(message.data);
  return channel;
}
