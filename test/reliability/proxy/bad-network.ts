import { foundClass, openThread, type Person, signUp } from '../../actors/people.ts';
import { startServerProcess, temporaryFolder } from '../../actors/server-process.ts';
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
import { type FaultCounts, FaultyProxy } from './faulty-proxy.ts';
import { SdkChatter } from './sdk-chatter.ts';

export interface BadNetwork {
  readonly seconds: number;
  readonly workers: number;
  readonly chance: Chance;
}

export interface NetworkReport extends Verdict {
  readonly faults: FaultCounts;
  readonly resumes: number;
  readonly sightings: number;
}

const FAULTS = { cut: 0.01, duplicate: 0.1, swap: 0.05, delay: 0.1, delayMs: 40 };
const PEOPLE = 6;
const OBSERVERS = 4;

/** How long the last command may take to be answered once the network is whole again, in ms. */
const SETTLING_MS = 20_000;

/** Real clients and observers on a bad network for a while; then it heals and everything is compared. @throws Violation */
export async function badNetwork({ seconds, workers, chance }: BadNetwork): Promise<NetworkReport> {
  const folder = temporaryFolder('reliability-proxy');
  const server = await startServerProcess(folder.path, '--workers', String(workers));
  const proxy = await FaultyProxy.start(server.port, chance.fork('proxy'), FAULTS);
  const url = `http://127.0.0.1:${proxy.port}`;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const chatters: SdkChatter[] = [];
  try {
    const people = await Promise.all(
      Array.from({ length: PEOPLE }, (_, index) => signUp(server.url, `P${index}`)),
    );
    const [ming, ...others] = people as [Person, ...Person[]];
    const { classroom, thread } = await foundClass(server.url, ming, others);
    const threads = [thread.id, (await openThread(server.url, ming, classroom.id)).id];
    const conversation = new Conversation(threads, new Ledger(), new Expected());
    for (const [index, person] of people.entries()) {
      for (const device of [0, 1] as const) {
        const own = chance.fork(`chatter ${index}/${device}`);
        const speaker = new Speaker(person.id, device, person === ming, conversation, own);
        chatters.push(new SdkChatter(`chatter ${index}/${device}`, person, speaker, conversation, url));
      }
    }
    const logs = threads.map((id) => new ThreadLog(id));
    const observers = Array.from(
      { length: OBSERVERS },
      (_, index) => new Observer(`observer ${index + 1}`, ming, logs, failure.reject),
    );

    let goesOn = true;
    const socketUrl = `ws://127.0.0.1:${proxy.port}/wss`;
    const watching = Promise.all(
      observers.map(async (observer) => {
        while (goesOn)
          if (await observer.connect(socketUrl)) await Promise.race([observer.ended, until(() => !goesOn)]);
        observer.disconnect();
        if (!(await observer.connect(socketUrl))) throw new Violation(`${observer.name} cannot connect`);
      }),
    );
    const talking = Promise.all(
      chatters.map(async (chatter) => {
        await chatter.open();
        await chatter.chat(() => goesOn);
      }),
    );
    watching.catch(failure.reject);
    talking.catch(failure.reject);
    await Promise.race([Bun.sleep(seconds * 1000), failure.promise]);
    goesOn = false;
    proxy.heal();
    const tooLate = Bun.sleep(SETTLING_MS).then(() => {
      throw new Violation(`commands are not answered ${SETTLING_MS} ms after the network healed`);
    });
    await Promise.race([Promise.all([talking, watching]), tooLate, failure.promise]);

    const truth = await readTruth(server.socketUrl, ming, threads);
    for (const observer of observers) for (const id of threads) await observer.catchUp(id);
    const verdict = verify(conversation.ledger, conversation.expected, observers, truth);
    for (const chatter of chatters) await chatter.compare(truth);
    if (server.complaints() !== '') throw new Violation(`the server complained: ${server.complaints()}`);
    return {
      ...verdict,
      faults: proxy.counts,
      resumes: observers.reduce((sum, { resumes }) => sum + resumes, 0),
      sightings: logs.reduce((sum, { sightings }) => sum + sightings, 0),
    };
  } finally {
    for (const chatter of chatters) chatter.close();
    proxy.stop();
    await server.stop('SIGKILL');
    folder.remove();
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(20);
}
