import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import { foundClass, openThread, type Person, signUp } from '../../actors/people.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../../actors/server-process.ts';
import type { Chance } from '../chance.ts';
import { Expected } from '../checker/expected.ts';
import { Ledger } from '../checker/ledger.ts';
import { Observer } from '../checker/observer.ts';
import { ThreadLog } from '../checker/thread-log.ts';
import { readTruth } from '../checker/truth.ts';
import { type Verdict, verify } from '../checker/verify.ts';
import { Violation } from '../checker/violation.ts';
import { Conversation } from '../talk/conversation.ts';
import { Speaker } from '../talk/speaker.ts';
import { Chatter } from './chatter.ts';
import { killAll, workersOf } from './kill.ts';

export interface KillRounds {
  readonly rounds: number;
  readonly workers: number;
  readonly chance: Chance;
  /** Called after each round with what was answered so far. */
  readonly onRound?: (round: number, answered: number) => void;
}

export interface KillReport extends Verdict {
  readonly rounds: number;
  /** Single workers that were killed while the others went on. */
  readonly workersKilled: number;
  /** Commands whose answer alone was lost, which another device undid, and which were then sent again. */
  readonly undone: number;
  /** Times that an observer caught up, each checked for what it may have left out. */
  readonly resumes: number;
  /** Changes that observers saw, live or by resume. */
  readonly sightings: number;
}

const PEOPLE = 10;
const THREADS = 3;
const OBSERVERS = 6;

/** Time from serving to the kill, in ms: from before the clients are in, to the middle of their talk. */
const LIFE_MAX_MS = 700;

/** How long an answer comes after its commit, in ms: most kills are to come in between, where an answer gets lost. */
const COMMIT_DELAYS_MS = [0, 2, 8] as const;

/** How often, with several workers, one of them dies before all do. */
const WORKER_DEATH = 0.3;

/** Until everyone has everything in the end, in ms. */
const SETTLING_MS = 30_000;

/**
 * One data folder over many lives of the server, each ended by SIGKILL at a random moment while many clients post and
 * change; in the end everything is held against everything. @throws Violation
 */
export async function killRounds({ rounds, workers, chance, onRound }: KillRounds): Promise<KillReport> {
  const folder = temporaryFolder('reliability-kill');
  const start = (round: number) => {
    // The server's processes take over this process's environment.
    process.env.POKERS_TEST_COMMIT_DELAY_MS = String(chance.fork(`disk ${round}`).pick(COMMIT_DELAYS_MS));
    return startServerProcess(folder.path, '--workers', String(workers));
  };
  let server = await start(0);
  const cast = await castFor(server, chance);
  const { chatters, observers, conversation, failure } = cast;
  const { ledger, expected } = conversation;
  let workersKilled = 0;
  try {
    for (let round = 1; round <= rounds; round++) {
      const moment = chance.fork(`round ${round}`);
      let isAlive = true;
      const url = server.socketUrl;
      const inRound = Promise.all([
        ...chatters.map((chatter) =>
          whileAlive(
            () => chatter.chat(url, () => isAlive),
            () => isAlive,
          ),
        ),
        ...observers.map((observer) => observer.connect(url)),
      ]);
      inRound.catch(failure.reject);
      await Promise.race([Bun.sleep(moment.between(0, LIFE_MAX_MS)), failure.promise]);
      if (workers > 1 && moment.is(WORKER_DEATH)) {
        process.kill(moment.pick(await workersOf(server)), 'SIGKILL');
        workersKilled++;
        await Promise.race([Bun.sleep(moment.between(0, LIFE_MAX_MS)), failure.promise]);
      }
      await killAll(server);
      isAlive = false;
      await Promise.race([inRound, failure.promise]);
      for (const observer of observers) observer.disconnect();
      server = await start(round);
      onRound?.(round, ledger.entries.length);
    }
    await Promise.race([settle(server, cast), failure.promise]);
    const truth = await readTruth(server.socketUrl, cast.ming, conversation.threads);
    const verdict = verify(ledger, expected, observers, truth);
    for (const chatter of chatters) chatter.hangUp();
    await server.stop();
    checkFile(folder.path);
    return {
      ...verdict,
      rounds,
      workersKilled,
      undone: conversation.undone,
      resumes: observers.reduce((sum, { resumes }) => sum + resumes, 0),
      sightings: cast.logs.reduce((sum, { sightings }) => sum + sightings, 0),
    };
  } finally {
    delete process.env.POKERS_TEST_COMMIT_DELAY_MS;
    await killAll(server).catch(() => undefined);
    folder.remove();
  }
}

interface Cast {
  readonly ming: Person;
  readonly chatters: readonly Chatter[];
  readonly observers: readonly Observer[];
  readonly logs: readonly ThreadLog[];
  readonly conversation: Conversation;
  /** Rejects as soon as anyone sees what must not be. */
  readonly failure: PromiseWithResolvers<never>;
}

async function castFor({ url }: ServerProcess, chance: Chance): Promise<Cast> {
  const names = Array.from({ length: PEOPLE }, (_, index) => `Speaker ${index + 1} 小明`);
  const people = await Promise.all(names.map((name) => signUp(url, name)));
  const [ming, ...others] = people as [Person, ...Person[]];
  const { classroom, thread } = await foundClass(url, ming, others);
  const threads = [thread.id];
  while (threads.length < THREADS) threads.push((await openThread(url, ming, classroom.id)).id);

  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
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
    { length: OBSERVERS },
    (_, index) =>
      new Observer(`observer ${index + 1}`, people[index % PEOPLE] as Person, logs, failure.reject),
  );
  return { ming, chatters, observers, logs, conversation, failure };
}

async function whileAlive(chat: () => Promise<void>, isAlive: () => boolean): Promise<void> {
  while (isAlive()) {
    await chat();
    await Bun.sleep(5);
  }
}

/** Everything that was left unanswered is answered, and all observers have caught up. */
async function settle(server: ServerProcess, { chatters, observers }: Cast): Promise<void> {
  const deadline = Date.now() + SETTLING_MS;
  while (chatters.some(({ isWaiting }) => isWaiting)) {
    if (Date.now() > deadline) throw new Violation(`commands are not answered after ${SETTLING_MS} ms`);
    await Promise.all(chatters.map((chatter) => chatter.chat(server.socketUrl, () => false)));
  }
  for (const observer of observers) {
    if (!(await observer.connect(server.socketUrl))) throw new Violation(`${observer.name} cannot connect`);
  }
}

function checkFile(folder: string): void {
  const db = new Database(join(folder, 'pokers.db'), { readonly: true });
  const result = db.query<{ integrity_check: string }, []>('pragma integrity_check').get();
  db.close();
  if (result?.integrity_check !== 'ok') throw new Violation(`the file is damaged: ${JSON.stringify(result)}`);
}
