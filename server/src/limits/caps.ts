import { FILE_LIMITS, LIMITS } from '@pokers/protocol/limits';
import { UsageError } from '../errors.ts';
import { LIVENESS } from '../hub/liveness.ts';
import type { Machine } from './machine.ts';

/** How much one may have or do at once: `POKERS_LIMITS=off` lifts these. */
const LIFTED = [
  'connectionsPerAddress',
  'connectionsPerUser',
  'framesBurst',
  'postsBurst',
  'changesBurst',
  'searchesBurst',
  'signInFailuresBurst',
  'accountFailuresBurst',
  'addressFailuresBurst',
  'codeFailuresBurst',
  'resetMailsBurst',
  'resetAsksBurst',
  'signUpsBurst',
] as const;

const KEPT = [
  'framesPerSecond',
  'postsPerSecond',
  'changesPerSecond',
  'searchesPerSecond',
  'signInFailureSeconds',
  'accountFailureSeconds',
  'addressFailureSeconds',
  'codeFailureSeconds',
  'resetMailSeconds',
  'resetAskSeconds',
  'signUpSeconds',
  'requestsInFlight',
] as const;

const OF_FILES = [
  'fileBytes',
  'fileBytesPerDay',
  'fileBytesPerClass',
  'fileBytesPerServer',
  'uploadsPerUser',
  'piecesAtOnce',
  'freeBytes',
] as const;

/**
 * The limits that can differ from server to server, each of them for one process: those of the protocol's table that
 * are counted, the times of liveness, and `connections` (sockets) and `memoryBytes` (resident), which come from the
 * machine.
 */
export type Caps = Readonly<
  Record<
    | (typeof LIFTED)[number]
    | (typeof KEPT)[number]
    | (typeof OF_FILES)[number]
    | keyof typeof LIVENESS
    | 'connections'
    | 'memoryBytes',
    number
  >
>;

/** The part of the machine's memory that all processes together may hold before they take in nobody any more. */
const MEMORY_SHARE = 0.75;

/** Open files that are left to all else: the database, the log, HTTP requests. */
const OTHER_FILES = 1_000;

const GIGABYTE = 1024 ** 3;

/** Beyond all that can be reached; unlike Infinity it survives JSON. */
const LIFTED_TO = Number.MAX_SAFE_INTEGER;

/**
 * @param setting `POKERS_LIMITS`: nothing, `off` (for benchmarks: rates and counts of one person or address are lifted,
 *   what protects the machine is not), or JSON with some limits of its own, such as `{"connections":5000}`
 * @throws UsageError
 */
export function capsFrom(setting: string | undefined, machine: Machine, workers: number): Caps {
  const caps = defaultsFor(machine, workers);
  if (!setting) return caps;
  if (setting === 'off') return { ...caps, ...Object.fromEntries(LIFTED.map((name) => [name, LIFTED_TO])) };
  return { ...caps, ...parsed(setting, caps) };
}

function defaultsFor({ memoryBytes, openFiles }: Machine, workers: number): Caps {
  const counted = Object.fromEntries([...LIFTED, ...KEPT].map((name) => [name, LIMITS[name]]));
  const byMemory = ((memoryBytes / GIGABYTE) * LIMITS.connectionsPerGigabyte) / workers;
  return {
    ...(counted as Pick<Caps, (typeof LIFTED)[number] | (typeof KEPT)[number]>),
    ...(Object.fromEntries(OF_FILES.map((name) => [name, FILE_LIMITS[name]])) as Pick<
      Caps,
      (typeof OF_FILES)[number]
    >),
    ...LIVENESS,
    connections: Math.floor(Math.max(100, Math.min(byMemory, openFiles - OTHER_FILES))),
    memoryBytes: Math.floor((memoryBytes * MEMORY_SHARE) / workers),
  };
}

function parsed(setting: string, caps: Caps): Partial<Caps> {
  let own: unknown;
  try {
    own = JSON.parse(setting);
  } catch {
    own = undefined;
  }
  if (typeof own !== 'object' || own === null || Array.isArray(own))
    throw new UsageError('POKERS_LIMITS must be "off" or JSON like {"connections":5000}.');
  for (const [name, value] of Object.entries(own)) {
    if (!Object.hasOwn(caps, name))
      throw new UsageError(`POKERS_LIMITS names a limit that there is not: ${name}.`);
    if (typeof value !== 'number' || !(value >= 0))
      throw new UsageError(`POKERS_LIMITS: ${name} must be a number, 0 or more.`);
  }
  return own as Partial<Caps>;
}
