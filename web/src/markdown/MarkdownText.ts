import { computed, defineComponent, h, type PropType } from 'vue';
import { usePageText } from '../i18n/page-text.ts';
import { useCalled } from '../message/called-people.ts';
import { parseMarkdown } from './parse.ts';
import { renderTokens } from './render.ts';
import './markdown.css';

/** A message with its markup and mentions shown; loaded for the first that has any. */
export default defineComponent({
  props: {
    content: { type: String, required: true },
    mentions: { type: Array as PropType<readonly number[]>, default: () => [] },
  },
  setup(props) {
    const say = usePageText({
      en: { done: 'done', open: 'to do' },
      'zh-CN': { done: '已完成', open: '未完成' },
    });
    const called = useCalled(() => props.mentions);
    const tokens = computed(() => parseMarkdown(props.content));
    return () =>
      h(
        'div',
        { class: 'markdown', dir: 'auto', 'data-testid': 'message-text' },
        renderTokens(tokens.value, { done: say('done'), open: say('open'), called: called.value }),
      );
  },
});
