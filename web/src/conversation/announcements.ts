import { type Ref, ref, watch } from 'vue';
import { useLanguage } from '../i18n/language.ts';
import { createPulse } from '../pulse.ts';
import type { Conversation } from './conversation.ts';

/** Least milliseconds between two announcements: speech takes its time. */
const SPEAK_MS = 2_000;

/** So many messages that came together are read out; of more only the number is. */
const MOST_READ = 3;

/**
 * What a screen reader is told: what others posted while the conversation is open, and nothing of what is loaded as
 * the reader goes through it. So the list itself is not live.
 */
export function useAnnouncements({ arrivals }: Conversation): Readonly<Ref<string>> {
  const { text } = useLanguage();
  const spoken = ref('');
  let last = 0;
  let fresh: string[] = [];
  const speak = createPulse(SPEAK_MS, () => {
    spoken.value =
      fresh.length > MOST_READ ? text('conversation.new', { count: fresh.length }) : fresh.join('\n');
    fresh = [];
  });

  watch(
    arrivals,
    (list) => {
      const came = list.filter(({ id }) => id > last);
      last = came.at(-1)?.id ?? last;
      fresh.push(
        ...came.map(({ name, content }) =>
          name && content ? `${name}: ${content}` : text('conversation.new', { count: 1 }),
        ),
      );
      if (came.length > 0) speak.soon();
    },
    { flush: 'sync' },
  );
  return spoken;
}
