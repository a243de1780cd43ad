import type { Change } from '@pokers/protocol/message';
import type { Reply } from '@pokers/protocol/v2';
import type { ChatMessage } from '@pokers/sdk';
import { readTruth, type Truth } from '../checker/truth.ts';
import { Violation } from '../checker/violation.ts';
import { Actor } from './actor.ts';
import type { Play, Step } from './steps.ts';
import type { Theatre } from './theatre.ts';

/** Posts that the narrator has under way: several plays share the connection, which the server closes at 512. */
const AT_ONCE = 100;

/** How long everything may take to arrive once the network is whole, in ms. */
const SETTLING_MS = 8_000;

/** Performs a play, lets everything arrive, and holds every client's view against the database. @throws Violation */
export async function perform(theatre: Theatre, play: Play): Promise<void> {
  const thread = await theatre.thread();
  await say(theatre, thread, play.before);
  const actors = theatre.people.map(
    (person, index) => new Actor(`client ${index}`, theatre.server, person, thread),
  );
  try {
    if (play.opened) await settle(actors, Date.now() + SETTLING_MS);
    let lines = 0;
    for (const step of play.steps) {
      await take(theatre, thread, actors, step, `line ${++lines}`);
      await calm(actors);
      for (const actor of actors) actor.check();
    }
    const bursts = play.steps.reduce((sum, step) => sum + (step.kind === 'burst' ? step.posts : 0), 0);
    await compare(theatre, thread, actors, play.before + bursts);
  } finally {
    for (const actor of actors) actor.close();
  }
}

async function take(
  theatre: Theatre,
  thread: number,
  actors: readonly Actor[],
  step: Step,
  line: string,
): Promise<void> {
  if (step.kind === 'burst') {
    const ids = await say(theatre, thread, step.posts);
    await Promise.all(
      ids.slice(0, step.edits).map((message, index) => {
        const nonce = crypto.randomUUID();
        return theatre.wire.ask({ action: 'edit', message, content: `${line} edit ${index}`, nonce });
      }),
    );
    return;
  }
  const actor = actors[step.client] as Actor;
  const { gate } = actor;
  switch (step.kind) {
    case 'post':
      return actor.post(line);
    case 'loadOlder':
      return actor.loadOlder(step.limit);
    case 'up':
      return gate.up(step.frames);
    case 'down':
      return gate.down(step.frames);
    case 'flow':
      gate.up(Number.POSITIVE_INFINITY);
      await calm(actors);
      return gate.down(Number.POSITIVE_INFINITY);
    case 'cut':
      return gate.cut(step.ghosts);
    case 'reconnect':
      return actor.client.retryNow();
    default: {
      const message = actor.messageAt(step.message);
      if (message !== undefined) change(actor, message, step, line);
    }
  }
}

function change(actor: Actor, message: number, step: Step, line: string): void {
  if (step.kind === 'edit') actor.edit(message, line);
  if (step.kind === 'delete') actor.delete(message);
  if (step.kind === 'react') actor.react(message, step.emoji, step.on);
  if (step.kind === 'pin') actor.pin(message, step.on);
}

/** The narrator posts this many, as fast as can be. @returns their ids */
async function say({ wire }: Theatre, thread: number, count: number): Promise<number[]> {
  const ids: number[] = [];
  while (ids.length < count) {
    const answers = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - ids.length) }, () => {
        const nonce = crypto.randomUUID();
        return wire.ask({ action: 'post', thread, content: nonce, nonce });
      }),
    );
    ids.push(...answers.map((answer) => (answer as Reply<'post'>).id));
  }
  return ids;
}

/** Until the server has answered what it was let have, and the clients have thought about what they were. */
async function calm(actors: readonly Actor[]): Promise<void> {
  await Promise.all(actors.map(({ gate }) => gate.opened));
  await Promise.all(actors.map(({ gate }) => gate.fence()));
  await new Promise((resolve) => setImmediate(resolve));
}

async function compare(
  theatre: Theatre,
  thread: number,
  actors: readonly Actor[],
  others: number,
): Promise<void> {
  const deadline = Date.now() + SETTLING_MS;
  for (;;) {
    await settle(actors, deadline);
    const truth = await truthOf(theatre, thread);
    const wrong = actors.flatMap((actor) => difference(actor, truth) ?? []);
    // With several workers an event may still be on its way between them.
    if (wrong.length > 0 && Date.now() < deadline) continue;
    if (wrong.length > 0) throw new Violation(wrong.join('\n'));
    return nothingLostOrDoubled(actors, truth, others);
  }
}

/** Everything arrives, and what it leads to, until nothing is under way and every command was answered. */
async function settle(actors: readonly Actor[], deadline: number): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    for (const { client, gate } of actors) {
      client.retryNow();
      gate.up(Number.POSITIVE_INFINITY);
    }
    await calm(actors);
    for (const { gate } of actors) gate.down(Number.POSITIVE_INFINITY);
    await calm(actors);
    for (const actor of actors) actor.check();
    const isQuiet = actors.every(({ gate }) => gate.isOpen && gate.waiting.up + gate.waiting.down === 0);
    const isOver = isQuiet && actors.every(({ isSettled, channel }) => isSettled && channel.opened);
    quiet = isOver ? quiet + 1 : 0;
    if (Date.now() > deadline) {
      const open = actors.filter(({ isSettled }) => !isSettled).map(({ name }) => name);
      throw new Violation(`it does not come to rest; unanswered: ${open.join(', ') || 'nobody'}`);
    }
  }
}

async function truthOf({ server, narrator }: Theatre, thread: number): Promise<Truth> {
  const truth = (await readTruth(server.socketUrl, narrator, [thread])).get(thread);
  if (!truth) throw new Violation('the thread is gone');
  return truth;
}

/** How a client's view differs from the database; undefined where it does not. */
function difference({ name, channel }: Actor, { seq, messages }: Truth): string | undefined {
  if (channel.seq !== seq) return `${name} is at ${channel.seq}, the database at ${seq}`;
  const first = channel.messages[0]?.id ?? 0;
  const wanted = [...messages.values()]
    .filter(([, id]) => !channel.hasOlder || id >= first)
    .sort((a, b) => a[1] - b[1])
    .map(stateOf);
  const seen = channel.messages.map(shownState);
  const at = Array.from({ length: Math.max(seen.length, wanted.length) }).findIndex(
    (_, index) => seen[index] !== wanted[index],
  );
  return at < 0 ? undefined : `${name}, message ${at}: ${seen[at]} for ${wanted[at]}`;
}

/** Every answered post is there, and there is nothing else: `others` is how many the narrator posted. */
function nothingLostOrDoubled(actors: readonly Actor[], { messages }: Truth, others: number): void {
  const posted = actors.flatMap((actor) => actor.posted);
  for (const [id, content] of posted) if (!messages.has(id)) throw new Violation(`lost: ${content}`);
  if (messages.size !== posted.length + others)
    throw new Violation(`${messages.size} messages for ${posted.length + others} answered posts`);
  // Every text is written once, by a post or by an edit.
  const texts = [...messages.values()].flatMap(([, , , , content]) => (content === 0 ? [] : [content]));
  if (new Set(texts).size !== texts.length) throw new Violation('a text is there twice');
}

function stateOf([seq, id, speaker, , content, extra]: Change): string {
  return JSON.stringify([seq, id, speaker, content, extra?.ed, extra?.pin, extra?.re ?? []]);
}

function shownState(message: ChatMessage): string {
  const { seq, id, speaker, deleted, content, edited, pinned, reactions } = message;
  const shown = reactions.map(({ emoji, count, users }) => [emoji, count, users]);
  return JSON.stringify([seq, id, speaker, deleted ? 0 : content, edited, pinned, shown]);
}
