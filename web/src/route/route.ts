/** Pages of a class beside its conversations. */
export const CLASS_PAGES = ['members', 'threads', 'invitations', 'requests', 'settings', 'audit'] as const;
export type ClassPage = (typeof CLASS_PAGES)[number];

/** Pages that belong to no class; `reset` and `invitation` come by a link, and need no session. */
export type OwnPage = 'account' | 'server' | 'reset' | 'invitation';

/** Where in the client the reader is: at the start, in a class, in one of its threads, or where there is nothing. */
export interface Route {
  /** The path, where it is none of ours. */
  readonly nowhere?: string;
  readonly classId?: number;
  readonly threadId?: number;
  /** The message of the thread that the reader is led to. */
  readonly messageId?: number;
  readonly classPage?: ClassPage;
  readonly page?: OwnPage;
  /** What the link of a `reset` or `invitation` ends with. */
  readonly token?: string;
}

const CONVERSATION = /^\/c\/([1-9]\d{0,15})(?:\/t\/([1-9]\d{0,15})(?:\/m\/([1-9]\d{0,15}))?)?\/?$/;
const CLASS_PAGE = new RegExp(`^/c/([1-9]\\d{0,15})/(${CLASS_PAGES.join('|')})/?$`);
const OWN_PAGE = /^\/(account|server)\/?$/;
const LINK = /^\/(reset|i)\/([\w-]{1,128})\/?$/;

export function parseRoute(path: string): Route {
  if (path === '/') return {};
  const [, classId, threadId, messageId] = CONVERSATION.exec(path) ?? [];
  if (classId !== undefined)
    return {
      classId: Number(classId),
      ...(threadId !== undefined && { threadId: Number(threadId) }),
      ...(messageId !== undefined && { messageId: Number(messageId) }),
    };
  const [, pageOf, classPage] = CLASS_PAGE.exec(path) ?? [];
  if (pageOf !== undefined) return { classId: Number(pageOf), classPage: classPage as ClassPage };
  const [, page] = OWN_PAGE.exec(path) ?? [];
  if (page !== undefined) return { page: page as OwnPage };
  const [, kind, token] = LINK.exec(path) ?? [];
  if (token !== undefined) return { page: kind === 'i' ? 'invitation' : 'reset', token };
  return { nowhere: path };
}

export function formatRoute({
  nowhere,
  classId,
  threadId,
  messageId,
  classPage,
  page,
  token,
}: Route): string {
  if (nowhere !== undefined) return nowhere;
  if (page === 'invitation') return `/i/${token}`;
  if (page === 'reset') return `/reset/${token}`;
  if (page !== undefined) return `/${page}`;
  if (classId === undefined) return '/';
  if (classPage !== undefined) return `/c/${classId}/${classPage}`;
  if (threadId === undefined) return `/c/${classId}`;
  return messageId === undefined
    ? `/c/${classId}/t/${threadId}`
    : `/c/${classId}/t/${threadId}/m/${messageId}`;
}

/** One level up: from a thread or a page of a class to the class, from all else to the start. */
export function above({ classId, threadId, classPage }: Route): Route {
  return classId !== undefined && (threadId !== undefined || classPage !== undefined) ? { classId } : {};
}
