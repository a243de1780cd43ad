import type { Message } from '@pokers/protocol/message';
import type { NoticeLanguage } from '@pokers/protocol/notifications';

/** What a browser is told, encrypted so that its push service cannot read it. The service worker shows it as it is. */
export interface Notice {
  readonly title: string;
  readonly body: string;
  /** A later notice with the same tag takes the place of this one. */
  readonly tag: string;
  /** The path that it opens. */
  readonly path: string;
}

/** Where a message was posted, by name. */
export interface NamedPlace {
  readonly className: string;
  readonly threadName: string;
}

/** Characters of a message and of a name that are shown: phones show fewer, and push services take 4,096 bytes. */
const TEXT_CHARS = 240;
const NAME_CHARS = 60;

const TEXTS = {
  en: { hidden: 'A new message', file: 'a file', between: ': ' },
  'zh-CN': { hidden: '有新消息', file: '文件', between: '：' },
} as const;

/** @param withContent whether it says who wrote what, and where */
export function noticeOf(
  message: Message,
  { className, threadName }: NamedPlace,
  language: NoticeLanguage,
  withContent: boolean,
): Notice {
  const { thread, class: classroom, speaker_name, content, file_name } = message;
  const text = TEXTS[language];
  const target = { tag: `thread ${thread}`, path: `/c/${classroom}/t/${thread}` };
  if (!withContent) return { title: 'Pokers', body: text.hidden, ...target };
  const said = content || file_name || text.file;
  return {
    title: `${cut(threadName, NAME_CHARS)} · ${cut(className, NAME_CHARS)}`,
    body: `${speaker_name}${text.between}${cut(said, TEXT_CHARS)}`,
    ...target,
  };
}

function cut(text: string, chars: number): string {
  const [...points] = text.slice(0, 2 * chars + 2);
  return points.length > chars ? `${points.slice(0, chars).join('')}…` : text;
}
