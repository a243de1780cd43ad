import { type AppContext, createVNode, render } from 'vue';
import AskDialog from './AskDialog.vue';
import type { Question } from './ask.ts';

/** Shows the question over the page until it is answered. `context` is the application whose languages it speaks. */
export function openAsk(question: Question, context: AppContext | null): Promise<string | undefined> {
  return new Promise((resolve) => {
    const place = document.body.appendChild(document.createElement('div'));
    const onAnswer = (answer: string | undefined): void => {
      render(null, place);
      place.remove();
      resolve(answer);
    };
    const dialog = createVNode(AskDialog, { question, onAnswer });
    dialog.appContext = context;
    render(dialog, place);
  });
}
