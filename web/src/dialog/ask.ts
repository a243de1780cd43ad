import { getCurrentInstance } from 'vue';

export interface Question {
  readonly title: string;
  /** What follows from it, below the title. */
  readonly words?: string;
  /** What the button that does it says. */
  readonly action: string;
  /** It takes something away for good. */
  readonly grave?: boolean;
  /** Something is to be typed. With `must`, only this text will do. */
  readonly field?: {
    readonly label: string;
    readonly value?: string;
    readonly must?: string;
    readonly limit?: number;
  };
}

/** @returns what was typed, blanks around it cut off (empty where nothing was asked for); undefined where it was called off */
export type Ask = (question: Question) => Promise<string | undefined>;

/** For a component's setup. The dialog itself is loaded when it first asks. */
export function useAsk(): Ask {
  const context = getCurrentInstance()?.appContext ?? null;
  return async (question) => (await import('./open-ask.ts')).openAsk(question, context);
}
