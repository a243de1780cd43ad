import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isStoredEntry, type StoredEntry } from './entry.ts';
import type { OutboxStore } from './store.ts';

interface Change {
  readonly apply: (entries: Map<string, Line>) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A line of the file. */
interface Line {
  readonly owner: string;
  readonly entry: StoredEntry;
}

/**
 * Keeps entries in a file, one JSON object a line, for programs on Bun or Node. The file is written anew and put in
 * the old one's place, both on disk before it counts; changes that come meanwhile are written together with the next.
 * One process at a time may use a file: two would each write over what the other wrote.
 */
export class FileOutboxStore implements OutboxStore {
  readonly durable = true;
  readonly shared = false;
  /** What is on disk. */
  #entries: Promise<ReadonlyMap<string, Line>> | undefined;
  #waiting: Change[] = [];
  #busy: Promise<void> | undefined;

  /** The folder must be there. */
  constructor(private readonly path: string) {}

  async read(owner: string): Promise<StoredEntry[]> {
    await this.#busy;
    const entries = await this.#stored();
    return [...entries.values()].filter((line) => line.owner === owner).map((line) => line.entry);
  }

  add(owner: string, entry: StoredEntry): Promise<void> {
    return this.#change((entries) => entries.set(keyOf(owner, entry.id), { owner, entry }));
  }

  update(owner: string, entry: StoredEntry): Promise<void> {
    const key = keyOf(owner, entry.id);
    return this.#change((entries) => entries.has(key) && entries.set(key, { owner, entry }));
  }

  remove(owner: string, ids: readonly string[]): Promise<void> {
    return this.#change((entries) => {
      for (const id of ids) entries.delete(keyOf(owner, id));
    });
  }

  #change(apply: Change['apply']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ apply, resolve, reject });
      this.#busy ??= this.#work();
    });
  }

  async #work(): Promise<void> {
    // A turn later, so that what is asked for in the same one is written together.
    await Promise.resolve();
    for (let changes = this.#take(); changes.length > 0; changes = this.#take()) {
      try {
        const next = new Map(await this.#stored());
        for (const change of changes) change.apply(next);
        await this.#write(next);
        this.#entries = Promise.resolve(next);
        for (const change of changes) change.resolve();
      } catch (error) {
        for (const change of changes) change.reject(error);
      }
    }
    // Without an await since the last look at what waits: a change that comes now begins anew.
    this.#busy = undefined;
  }

  #take(): Change[] {
    return this.#waiting.splice(0);
  }

  /** Read once; again where that failed. */
  #stored(): Promise<ReadonlyMap<string, Line>> {
    if (this.#entries) return this.#entries;
    const loading = this.#load();
    this.#entries = loading;
    loading.catch(() => {
      this.#entries = undefined;
    });
    return loading;
  }

  async #load(): Promise<Map<string, Line>> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const lines = text.split('\n').flatMap((line) => parse(line) ?? []);
    return new Map(lines.map((line) => [keyOf(line.owner, line.entry.id), line]));
  }

  async #write(entries: ReadonlyMap<string, Line>): Promise<void> {
    const next = `${this.path}.new`;
    const file = await open(next, 'w', 0o600);
    try {
      await file.writeFile([...entries.values()].map((line) => `${JSON.stringify(line)}\n`).join(''));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, this.path);
    const folder = await open(dirname(this.path), 'r');
    // The new name, too, is on disk only when the folder is.
    await folder.sync().finally(() => folder.close());
  }
}

const keyOf = (owner: string, id: string): string => JSON.stringify([owner, id]);

/** Undefined for what is no line of ours: someone edited the file, and the other lines are still good. */
function parse(text: string): Line | undefined {
  try {
    const line = JSON.parse(text);
    return typeof line?.owner === 'string' && isStoredEntry(line.entry) ? line : undefined;
  } catch {
    return undefined;
  }
}
