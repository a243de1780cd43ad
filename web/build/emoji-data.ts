import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const PREFIX = 'virtual:emoji/';
/** Our languages, and what the data set calls them. */
const LOCALES: Readonly<Record<string, string>> = { en: 'en', 'zh-CN': 'zh' };
/** Skin tones and hair by themselves. */
const COMPONENTS = 2;

interface Entry {
  readonly unicode: string;
  readonly hexcode: string;
  readonly label: string;
  readonly tags?: readonly string[];
  readonly group?: number;
  readonly order?: number;
}

/**
 * `virtual:emoji/en` and `virtual:emoji/zh-CN`: of each group of emoji a text with one a line, in their usual order: the
 * emoji, its short names (`smile`), its name and words for it in that language, with tabs between. A tenth of the data set.
 */
export function emojiData(): Plugin {
  const require = createRequire(import.meta.url);
  return {
    name: 'pokers:emoji-data',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const locale = LOCALES[id.slice(PREFIX.length + 1)];
      if (locale === undefined) return undefined;
      const entries: readonly Entry[] = require(`emojibase-data/${locale}/compact.json`);
      const codes: Readonly<
        Record<string, string | readonly string[]>
      > = require('emojibase-data/en/shortcodes/github.json');
      return `export default ${JSON.stringify(groupsOf(entries, codes))}`;
    },
  };
}

function groupsOf(
  entries: readonly Entry[],
  codes: Readonly<Record<string, string | readonly string[]>>,
): string[] {
  const groups = new Map<number, string[]>();
  for (const { unicode, hexcode, label, tags = [], group } of entries.toSorted(byOrder)) {
    if (group === undefined || group === COMPONENTS) continue;
    const line = [plain(unicode), [codes[hexcode] ?? []].flat().join(' '), label, tags.join(' ')].join('\t');
    groups.set(group, [...(groups.get(group) ?? []), line]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, lines]) => lines.join('\n'));
}

/** Without the mark that asks for a picture where it is one anyway, as keyboards write it: one emoji must not be two. */
function plain(emoji: string): string {
  return emoji.replace(/(\p{Emoji_Presentation})\uFE0F/gu, '$1');
}

function byOrder(a: Entry, b: Entry): number {
  return (a.order ?? 0) - (b.order ?? 0);
}
