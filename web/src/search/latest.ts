import { onScopeDispose, type Ref, ref, type ShallowRef, shallowRef } from 'vue';

/** So long nothing is typed before the server is asked, in ms: who types fast asks for the whole word. */
const TYPING_MS = 120;

/** After so many ms a question is given up. */
const LONGEST_MS = 30_000;

/** Asks the server again and again while someone types: the last question alone counts, an earlier one is given up. */
export interface Latest<Question, Answer> {
  /** Stays what it was until another one comes. */
  readonly answer: ShallowRef<Answer | undefined>;
  /** Why the last question was not answered. */
  readonly failure: Readonly<ShallowRef<unknown>>;
  readonly busy: Readonly<Ref<boolean>>;
  ask(question: Question, waitMs?: number): void;
  /** The last question once more. */
  again(): void;
  /** Forgets the question and its answer. */
  clear(): void;
}

export function createLatest<Question, Answer>(
  fetch: (question: Question, signal: AbortSignal) => Promise<Answer>,
): Latest<Question, Answer> {
  const answer = shallowRef<Answer>();
  const failure = shallowRef<unknown>();
  const busy = ref(false);
  let last: Question | undefined;
  let own: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function giveUp(): void {
    clearTimeout(timer);
    own?.abort();
    own = undefined;
    busy.value = false;
  }

  async function run(question: Question, stop: AbortController): Promise<void> {
    const limit = setTimeout(() => stop.abort(), LONGEST_MS);
    try {
      const found = await fetch(question, stop.signal);
      if (own === stop) {
        answer.value = found;
        failure.value = undefined;
      }
    } catch (error) {
      if (own === stop) failure.value = error;
    } finally {
      clearTimeout(limit);
      if (own === stop) busy.value = false;
    }
  }

  function ask(question: Question, waitMs = TYPING_MS): void {
    giveUp();
    last = question;
    busy.value = true;
    const stop = new AbortController();
    own = stop;
    timer = setTimeout(() => void run(question, stop), waitMs);
  }

  onScopeDispose(giveUp);

  return {
    answer,
    failure,
    busy,
    ask,
    again() {
      if (last !== undefined) ask(last, 0);
    },
    clear() {
      giveUp();
      last = undefined;
      answer.value = undefined;
      failure.value = undefined;
    },
  };
}
