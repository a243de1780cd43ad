import type { Submission } from './submission.ts';
import { createSubmission } from './submission.ts';

export interface Actions extends Omit<Submission, 'submit'> {
  /** One at a time: what is asked for while another runs is not done, so that pressing twice does it once. */
  run(what: () => Promise<unknown>): Promise<void>;
}

/**
 * What the buttons of a list do, and why the last of it failed.
 *
 * @param afterwards shows again what holds: after what went well, what failed, and what was not done
 */
export function createActions(afterwards: () => Promise<unknown>): Actions {
  let act: () => Promise<unknown>;
  const { busy, failure, submit } = createSubmission(async () => {
    try {
      await act();
    } finally {
      await afterwards();
    }
  });
  return {
    busy,
    failure,
    async run(what) {
      if (busy.value) return void (await afterwards());
      act = what;
      await submit();
    },
  };
}
