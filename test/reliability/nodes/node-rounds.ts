import { type Nodes, startNodes } from '../../actors/nodes.ts';
import { foundClass, openThread, type Person, signUp } from '../../actors/people.ts';
import type { Chance } from '../chance.ts';
import { Expected } from '../checker/expected.ts';
import { Ledger } from '../checker/ledger.ts';
import { Observer } from '../checker/observer.ts';
import { ThreadLog } from '../checker/thread-log.ts';
import { readTruth } from '../checker/truth.ts';
import { type Verdict, verify } from '../checker/verify.ts';
import { Violation } from '../checker/violation.ts';
import { Chatter } from '../kill/chatter.ts';
import { Conversation } from '../talk/conversation.ts';
import { Speaker } from '../talk/speaker.ts';
import type { Fault } from './faults.ts';

export interface NodeRounds {
  readonly nodes: number;
  /** One after the other, each while everyone talks. */
  readonly faults: readonly Fault[];
  /** People who talk, each over two devices. */
  readonly speakers: number;
  /** Who listen to all threads, wherever they get in. */
  readonly observers: number;
  readonly chance: Chance;
}

export interface NodeReport extends Verdict {
  readonly faults: number;
  readonly resumes: number;
  readonly sightings: number;
}

const THREADS = 4;

/** Talk in peace after each fault, in ms. */
const PEACE_MS = 600;

/** Until everyone has everything in the end, without doing anything for it, in ms. */
const SETTLING_MS = 30_000;

/**
 * People talk and listen over several nodes while one thing after the other fails. In the end everything is held against
 * everything: what each observer heard must be whole though none asks for what it may have missed. @throws Violation
 */
export async function nodeRounds(options: NodeRounds): Promise<NodeReport> {
  const { chance, faults } = options;
  const nodes = await startNodes(options.nodes);
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const orFailure = <T>(work: Promise<T>): Promise<T> => Promise.race([work, failure.promise]);
  try {
    const cast = await castFor(nodes, options, failure.reject);
    const { chatters, observers, conversation } = cast;
    const weather = { isCalm: true, isOver: false };
    const anyUrl = (): string => chance.pick(nodes.all).socketUrl;
    const listening = observers.map((observer) => keepListening(observer, anyUrl, weather));
    const talking = chatters.map((chatter) => keepTalking(chatter, anyUrl, weather));
    for (const all of [listening, talking]) Promise.all(all).catch(failure.reject);
    await orFailure(Bun.sleep(PEACE_MS));
    for (const fault of faults) {
      weather.isCalm = false;
      await orFailure(fault(nodes, chance));
      weather.isCalm = true;
      await orFailure(Bun.sleep(PEACE_MS));
    }
    weather.isOver = true;
    await orFailure(Promise.all(talking));
    await orFailure(answerAll(chatters, anyUrl));
    const truth = await readTruth(anyUrl(), cast.ming, conversation.threads);
    const isThere = (observer: Observer): boolean =>
      [...truth].every(([thread, { seq }]) => observer.seqOf(thread) === seq);
    await orFailure(eventually(() => observers.every(isThere)));
    const verdict = verify(conversation.ledger, conversation.expected, observers, truth);
    for (const one of [...observers, ...chatters]) 'hangUp' in one ? one.hangUp() : one.disconnect();
    return {
      ...verdict,
      faults: faults.length,
      resumes: observers.reduce((sum, { resumes }) => sum + resumes, 0),
      sightings: cast.logs.reduce((sum, { sightings }) => sum + sightings, 0),
    };
  } finally {
    await nodes.end();
  }
}

interface Weather {
  isCalm: boolean;
  isOver: boolean;
}

async function castFor(
  nodes: Nodes,
  { speakers, observers: count, chance }: NodeRounds,
  fail: (violation: unknown) => void,
) {
  const urlOf = (index: number): string => nodes.node(index % nodes.all.length).url;
  const people = await Promise.all(
    Array.from({ length: speakers }, (_, index) => signUp(urlOf(index), `Speaker ${index + 1} 小明`)),
  );
  const [ming, ...others] = people as [Person, ...Person[]];
  const { classroom, thread } = await foundClass(urlOf(0), ming, others);
  const threads = [thread.id];
  while (threads.length < THREADS)
    threads.push((await openThread(urlOf(threads.length), ming, classroom.id)).id);
  const conversation = new Conversation(threads, new Ledger(), new Expected());
  const logs = threads.map((id) => new ThreadLog(id));
  const chatters = people.flatMap((person, index) =>
    ([0, 1] as const).map((device) => {
      const own = chance.fork(`chatter ${index}/${device}`);
      const speaker = new Speaker(person.id, device, person === ming, conversation, own.fork('speaker'));
      return new Chatter(person, speaker, conversation, own);
    }),
  );
  const observers = Array.from(
    { length: count },
    (_, index) => new Observer(`observer ${index + 1}`, people[index % speakers] as Person, logs, fail),
  );
  return { ming, chatters, observers, logs, conversation };
}

/** Gets in again, somewhere, whenever the connection has ended; not while something fails. */
async function keepListening(observer: Observer, anyUrl: () => string, weather: Weather): Promise<void> {
  while (!weather.isOver) {
    if (weather.isCalm && (await observer.connect(anyUrl()))) await observer.ended;
    await Bun.sleep(20);
  }
}

async function keepTalking(chatter: Chatter, anyUrl: () => string, weather: Weather): Promise<void> {
  while (!weather.isOver) {
    await chatter.chat(anyUrl(), () => !weather.isOver);
    await Bun.sleep(5);
  }
}

async function answerAll(chatters: readonly Chatter[], anyUrl: () => string): Promise<void> {
  await eventually(async () => {
    await Promise.all(
      chatters.filter(({ isWaiting }) => isWaiting).map((chatter) => chatter.chat(anyUrl(), () => false)),
    );
    return !chatters.some(({ isWaiting }) => isWaiting);
  });
}

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + SETTLING_MS; !(await holds()); await Bun.sleep(20))
    if (Date.now() > deadline) throw new Violation(`not all is there after ${SETTLING_MS} ms`);
}
