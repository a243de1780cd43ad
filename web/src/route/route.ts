/** Where in the client the reader is: nowhere yet, in a class, or in one of its threads. */
export interface Route {
  readonly classId?: number;
  readonly threadId?: number;
}

const PATH = /^\/c\/([1-9]\d{0,15})(?:\/t\/([1-9]\d{0,15}))?\/?$/;

/** Any path that is none of ours means the start. */
export function parseRoute(path: string): Route {
  const [, classId, threadId] = PATH.exec(path) ?? [];
  if (classId === undefined) return {};
  return threadId === undefined
    ? { classId: Number(classId) }
    : { classId: Number(classId), threadId: Number(threadId) };
}

export function formatRoute({ classId, threadId }: Route): string {
  if (classId === undefined) return '/';
  return threadId === undefined ? `/c/${classId}` : `/c/${classId}/t/${threadId}`;
}

/** One level up: from a thread to its class, from a class to the start. */
export function above({ classId, threadId }: Route): Route {
  return classId !== undefined && threadId !== undefined ? { classId } : {};
}
