import { findAll, keyOfMessages } from '../src/offline/kept.ts';
import { parseRoute } from '../src/route/route.ts';
import { heldPage } from './shell.ts';

/** The end of the head: what is put there is read before the program runs. */
const PLACE = '</head>';

/** The page, with what is kept of what it will show: see `showKept` there. It needs no line, and no round trip. */
export async function answerPage(request: Request, { pathname }: URL): Promise<Response> {
  const [page, kept] = await Promise.all([heldPage(), keptFor(pathname)]);
  if (!page) return fetch(request);
  if (kept === undefined) return page;
  const text = await page.text();
  const headers = new Headers(page.headers);
  for (const name of ['content-encoding', 'content-length', 'etag']) headers.delete(name);
  return new Response(
    text.replace(PLACE, () => `${dataBlock(kept)}${PLACE}`),
    { headers },
  );
}

/** As JSON; undefined where it is not known who reads. */
async function keptFor(path: string): Promise<string | undefined> {
  const { classId = 0, threadId = 0 } = parseRoute(path);
  const [user, classes, threads, messages] = await findAll([
    '/api/me',
    '/api/classes',
    `/api/classes/${classId}/threads`,
    keyOfMessages(classId, threadId),
  ]);
  if (typeof user !== 'string') return undefined;
  // The answers are kept as the server wrote them.
  const answers = Object.entries({ user, classes, threads }).filter(
    ([, answer]) => typeof answer === 'string',
  );
  const fields = answers.map(([name, answer]) => `"${name}":${answer}`);
  if (messages !== undefined) fields.push(`"messages":${JSON.stringify(messages)}`);
  return `{${fields.join()}}`;
}

/** Data and no script: nothing in it is run, and nothing in it ends it. */
function dataBlock(json: string): string {
  return `<script type="application/json" id="kept">${json.replaceAll('<', '\\u003c')}</script>`;
}
