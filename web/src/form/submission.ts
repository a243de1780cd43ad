import { type Ref, ref, type ShallowRef, shallowRef } from 'vue';

export interface Submission {
  readonly busy: Readonly<Ref<boolean>>;
  /** Why the last try failed; undefined while it runs and after it went well. */
  readonly failure: Readonly<ShallowRef<unknown>>;
  submit(): Promise<void>;
}

/** Runs what a form does when it is sent, one at a time: pressing twice sends once. The form keeps its text. */
export function createSubmission(send: () => Promise<void>): Submission {
  const busy = ref(false);
  const failure = shallowRef<unknown>();
  return {
    busy,
    failure,
    async submit() {
      if (busy.value) return;
      busy.value = true;
      failure.value = undefined;
      try {
        await send();
      } catch (error) {
        failure.value = error;
      } finally {
        busy.value = false;
      }
    },
  };
}
