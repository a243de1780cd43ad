/** Where in the client the reader is: at the start, in a class, in one of its threads, or where there is nothing. */
export interface Route {
  /** The path, where it is none of ours. */
  readonly nowhere?: string;
  readonly classId?: number;
  readonly threadId?: number;
}

const PATH = /^\/c\/([1-9]\d{0,15})(?:\/t\/([1-9]\d{0,15}))?\/?$/;

export function parseRoute(path: string): Route {
  if (path === '/') return {};
  const [, classId, threadId] = PATH.exec(path) ?? [];
  if (classId === undefined) return { nowhere: path };
  return threadId === undefined
    ? { classId: Number(classId) }
    : { classId: Number(classId), threadId: Number(threadId) };
}

export function formatRoute({ nowhere, classId, threadId }: Route): string {
  if (nowhere !== undefined) return nowhere;
  if (classId === undefined) return '/';
  return threadId === undefined ? `/c/${classId}` : `/c/${classId}/t/${threadId}`;
}

/** One level up: from a thread to its class, from a class to the start. */
export function above({ classId, threadId }: Route): Route {
  return classId !== undefined && threadId !== undefined ? { classId } : {};
}
