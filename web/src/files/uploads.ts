import type { LimitsView } from '@pokers/protocol/files';
import { type PokersClient, PokersError, type PostExtra } from '@pokers/sdk';
import { FileApi } from '@pokers/sdk/file-api';
import { type ShallowRef, shallowRef } from 'vue';
import { type Attachment, outgoing, refusalOf, type WordsExtra } from './attachment.ts';
import type { KeptUploads } from './kept-uploads.ts';
import { preparePicture } from './prepare-picture.ts';

/** Files that wait in the box of one thread, at most. */
export const CHOSEN_MAX = 10;

/** The files of this page that are about to be sent, or on their way: one after the other, for the line is thin. */
export interface Uploads {
  readonly all: Readonly<ShallowRef<readonly Attachment[]>>;
  /** By class, what may be uploaded; absent until the server has said it. */
  readonly limits: Readonly<ShallowRef<ReadonlyMap<number, LimitsView>>>;
  /** @returns how many were not taken, since so many wait already */
  add(place: { classId: number; threadId: number }, files: readonly File[]): number;
  setOriginal(key: string, original: boolean): void;
  /** Takes it away, also where it is on its way. */
  remove(key: string): void;
  /** Whether there are files to be sent to a thread, and all of them can be; undefined where there are none. */
  readiness(threadId: number): boolean | undefined;
  /** Sends what waits in a thread. @returns whether the words go with it: they do with a picture */
  send(threadId: number, words: string, extra?: WordsExtra): boolean;
  retry(key: string): void;
  /** Gives all up. */
  forget(): Promise<void>;
}

/**
 * Goes on with what an earlier page left.
 * @param onCount told how many are on their way: when that is known, and whenever it is another number
 */
export function createUploads(
  client: PokersClient,
  me: number,
  kept: KeptUploads,
  onCount: (count: number) => void,
): Uploads {
  const api = new FileApi(client.http);
  const all = shallowRef<readonly Attachment[]>([]);
  const limits = shallowRef<ReadonlyMap<number, LimitsView>>(new Map());
  const stops = new Map<string, AbortController>();
  /** What an earlier page left, which another page may be sending. */
  const restored = new Set<string>();
  let count = 0;
  let running = false;

  const resumed = resume();
  client.on('state', (state) => {
    if (state !== 'connected') return;
    for (const { key, failure } of all.value) if (isNetwork(failure)) retry(key);
  });

  async function resume(): Promise<void> {
    const found = await kept.all(me);
    const known = new Set(all.value.map(({ key }) => key));
    const back = found
      .filter(({ key }) => !known.has(key))
      .map((each) => ({ ...each, state: 'sending' as const }));
    for (const { key } of back) restored.add(key);
    show([...back, ...all.value]);
    onCount(count);
    void run();
  }

  function show(next: readonly Attachment[]): void {
    all.value = next;
    const now = next.filter(isUnderWay).length;
    if (now !== count) onCount(now);
    count = now;
  }

  function find(key: string): Attachment | undefined {
    return all.value.find((each) => each.key === key);
  }

  function change(key: string, to: Partial<Attachment>): void {
    show(all.value.map((each) => (each.key === key ? { ...each, ...to } : each)));
  }

  function drop(key: string): void {
    show(all.value.filter((each) => each.key !== key));
    void kept.remove(key);
  }

  async function readLimits(classId: number): Promise<void> {
    try {
      limits.value = new Map(limits.value).set(classId, await api.limits(classId));
    } catch {
      // The server says it then when a file is sent.
    }
  }

  async function prepare(key: string, file: File): Promise<void> {
    const picture = await preparePicture(file, file.name).catch(() => undefined);
    change(key, { state: 'chosen', picture });
  }

  function retry(key: string): void {
    if (find(key)?.state !== 'failed') return;
    change(key, { state: 'sending', failure: undefined });
    void run();
  }

  /** Of several pages one sends at a time; where a browser has no locks, each for itself. */
  async function run(): Promise<void> {
    if (running || !all.value.some(({ state }) => state === 'sending')) return;
    running = true;
    const sendAll = async (): Promise<void> => {
      for (;;) {
        const next = all.value.find(({ state }) => state === 'sending');
        if (!next) return;
        await sendOne(next);
      }
    };
    try {
      await (navigator.locks ? navigator.locks.request('pokers uploads', sendAll) : sendAll());
    } finally {
      running = false;
    }
  }

  async function sendOne(attachment: Attachment): Promise<void> {
    const { key, threadId, words, extra } = attachment;
    const stop = new AbortController();
    stops.set(key, stop);
    try {
      if (restored.has(key) && !(await kept.has(key))) return drop(key);
      const id = await uploaded(attachment, stop.signal);
      if (id !== undefined) await post(threadId, words, { ...extra, file: id });
      drop(key);
    } catch (failure) {
      if (!stop.signal.aborted) change(key, { state: 'failed', failure });
    } finally {
      stops.delete(key);
    }
  }

  /** The id of the file that has come whole; undefined where it was posted meanwhile, as by another page. */
  async function uploaded(attachment: Attachment, signal: AbortSignal): Promise<number | undefined> {
    const { key, classId, picture } = attachment;
    const { bytes, name } = outgoing(attachment);
    const onProgress = (sent: number): void => change(key, { sent });
    let { id } = attachment;
    if (id !== undefined && !(await isKnown(id))) id = undefined;
    if (id === undefined) {
      const preview = picture && { preview: picture.preview };
      ({ id } = await api.begin(classId, { name, size: bytes.size, ...preview }));
      change(key, { id });
      await kept.put(me, { ...attachment, id });
      if (signal.aborted) void api.cancel(id).catch(() => {});
    }
    const { message } = await api.upload(id, bytes, { signal, onProgress });
    return message === undefined ? id : undefined;
  }

  /** The server forgets what was not posted within a day. */
  async function isKnown(id: number): Promise<boolean> {
    try {
      await api.find(id);
      return true;
    } catch (failure) {
      if (failure instanceof PokersError && failure.error === 'file_not_found') return false;
      throw failure;
    }
  }

  /** From here on the outbox has it; unless that does not take it, as when too many wait already. */
  async function post(threadId: number, words: string, extra: PostExtra): Promise<void> {
    const isPosted = client.outbox
      .entries(threadId)
      .some((entry) => entry.action === 'post' && entry.file === extra.file);
    if (isPosted) return;
    const posting = client.thread(threadId).post(words, extra);
    posting.catch(() => {});
    await Promise.race([posting, client.outbox.saved()]);
  }

  return {
    all,
    limits,
    add({ classId, threadId }, files) {
      const room = CHOSEN_MAX - all.value.filter((each) => isChosenIn(each, threadId)).length;
      const added = files.slice(0, Math.max(0, room)).map((file) => {
        const key = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
        void prepare(key, file);
        const attachment: Attachment = {
          key,
          classId,
          threadId,
          name: file.name || 'file',
          file,
          original: false,
          words: '',
          state: 'preparing',
          sent: 0,
        };
        return attachment;
      });
      show([...all.value, ...added]);
      void readLimits(classId);
      return files.length - added.length;
    },
    setOriginal: (key, original) => change(key, { original }),
    remove(key) {
      const found = find(key);
      stops.get(key)?.abort();
      drop(key);
      if (found?.id !== undefined) void api.cancel(found.id).catch(() => {});
    },
    readiness(threadId) {
      const chosen = all.value.filter((each) => isChosenIn(each, threadId));
      if (chosen.length === 0) return undefined;
      return chosen.every((each) => {
        const known = limits.value.get(each.classId);
        return each.state === 'chosen' && !(known && refusalOf(outgoing(each).bytes.size, known));
      });
    },
    send(threadId, words, extra) {
      const chosen = all.value.filter((each) => isChosenIn(each, threadId));
      const spoken = chosen.find(({ picture }) => picture);
      for (const { key } of chosen)
        change(key, { state: 'sending', ...(key === spoken?.key ? { words, extra } : { words: '' }) });
      for (const each of all.value) if (chosen.some(({ key }) => key === each.key)) void kept.put(me, each);
      void run();
      return spoken !== undefined;
    },
    retry,
    async forget() {
      await resumed;
      for (const { key } of all.value) this.remove(key);
      for (const { key } of await kept.all(me)) await kept.remove(key);
    },
  };
}

function isChosenIn({ state, threadId }: Attachment, thread: number): boolean {
  return threadId === thread && (state === 'preparing' || state === 'chosen');
}

function isUnderWay({ state }: Attachment): boolean {
  return state === 'sending' || state === 'failed';
}

function isNetwork(failure: unknown): boolean {
  return failure instanceof PokersError && failure.error === 'network';
}
