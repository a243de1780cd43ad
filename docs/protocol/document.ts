import { readFileSync } from 'node:fs';
import {
  CLASSIC_CONNECT,
  CLASSIC_KEEP,
  CLASSIC_KEEP_SECONDS,
  CLASSIC_SENT_OK,
  classicJoined,
} from '@pokers/protocol/classic';
import { FILE_LIMITS, LIMITS } from '@pokers/protocol/limits';
import { SUBPROTOCOL } from '@pokers/protocol/v2';
import { classicAnswers, recordExample } from './classic.ts';
import { closeTable, errorTable } from './codes.ts';
import {
  classSection,
  commandSections,
  deletionExample,
  editExample,
  errorSection,
  eventSection,
  hereSection,
  leanExample,
  leftSection,
  newsSection,
  plainExample,
  seenSection,
  starredSection,
  typistsSection,
} from './frames.ts';
import { limitTable } from './limits.ts';
import { frame } from './markdown.ts';
import { resourceSections } from './resources.ts';
import { obstacleTable, rightsTable } from './rights.ts';
import { routeTable } from './routes.ts';
import { wireSizes } from './wire-size.ts';

/** What stands in the template in double braces, and what it becomes. */
const PARTS: Record<string, () => string> = {
  subprotocol: () => SUBPROTOCOL,
  commands: commandSections,
  event: eventSection,
  edit: editExample,
  deletion: deletionExample,
  lean: leanExample,
  plain: plainExample,
  left: leftSection,
  class: classSection,
  seen: seenSection,
  starred: starredSection,
  news: newsSection,
  typists: typistsSection,
  here: hereSection,
  error: errorSection,
  rights: rightsTable,
  obstacles: obstacleTable,
  sizes: wireSizes,
  limits: limitTable,
  errors: errorTable,
  closesReconnect: () => closeTable(true),
  closesFinal: () => closeTable(false),
  classicConnect: () => frame(CLASSIC_CONNECT),
  classicKeep: () => frame(CLASSIC_KEEP),
  classicKeepSeconds: () => String(CLASSIC_KEEP_SECONDS),
  classicAnswers,
  classicJoined: () => frame(classicJoined(7)),
  classicSent: () => frame(CLASSIC_SENT_OK),
  classicRecord: recordExample,
  routes: routeTable,
  resources: resourceSections,
};

/** Those, and the limits by their names. */
const ALL_PARTS: typeof PARTS = {
  ...PARTS,
  ...Object.fromEntries(
    Object.entries({ ...LIMITS, ...FILE_LIMITS }).map(([name, limit]) => [
      `limits.${name}`,
      () => String(limit),
    ]),
  ),
};

/** The whole of docs/protocol.md. @throws where the template and the parts do not fit together */
export function protocolDocument(): string {
  const template = readFileSync(new URL('./template.md', import.meta.url), 'utf8');
  const unused = new Set(Object.keys(PARTS));
  const text = template.replace(/\{\{([\w.]+)\}\}/g, (_, name: string) => {
    const part = ALL_PARTS[name];
    if (!part) throw new Error(`docs/protocol/template.md names a part that there is not: ${name}`);
    unused.delete(name);
    return part();
  });
  if (unused.size > 0) throw new Error(`docs/protocol/template.md does not use ${[...unused].join(', ')}`);
  return text;
}
