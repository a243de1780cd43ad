import { LIMITS } from '@pokers/protocol/limits';
import { code, table } from './markdown.ts';

/** What each limit is about, with its unit. A new limit without a line here does not compile. */
const MEANINGS: Record<keyof typeof LIMITS, readonly [unit: string, meaning: string]> = {
  frameBytes: ['bytes', 'largest frame from a client; a larger one closes the connection with 1009'],
  bodyBytes: ['bytes', 'largest body of an HTTP request; a larger one is refused with `too_long`'],
  contentChars: ['characters', 'longest text of a message'],
  userNameChars: ['characters', 'longest name of a person'],
  titleChars: ['characters', 'longest name of a class or thread'],
  descriptionChars: ['characters', 'longest description of a class'],
  emailChars: ['characters', 'longest e-mail address'],
  passwordMinChars: ['characters', 'shortest password'],
  passwordMaxChars: ['characters', 'longest password'],
  nonceChars: ['characters', 'longest nonce'],
  joinsPerConnection: ['threads', 'that one v2 connection may be in; one more is refused with `too_many`'],
  waitingCommands: [
    'commands',
    'of one connection that may wait for their turn; one more closes it with 4003 (`too_many`)',
  ],
  historyPageDefault: ['messages', 'on a page of history where the request gives no `limit`'],
  historyPageMax: ['messages', 'on a page of history at most'],
  resumePage: ['messages', 'on a page of resume'],
  waitSeconds: ['seconds', 'that an HTTP request may wait for a change'],
  helloSeconds: [
    'seconds',
    'in which a v2 connection must say hello; else it is closed with 4002 (`silent`)',
  ],
  sendBufferBytes: ['bytes', 'that may wait for a reader who does not read; beyond, the line is cut'],
  emojiPerMessage: ['emoji', 'different ones on one message; one more is refused with `too_many`'],
  emojiUnits: ['UTF-16 units', 'longest emoji'],
  reactorsNamed: ['people', 'that a reaction names; the others it only counts'],
  pinsPerThread: ['messages', 'pinned in one thread; one more is refused with `too_many`'],
  nonceDays: [
    'days',
    'for which the nonce of an edit, deletion, reaction or pin is known; a post’s is for good',
  ],
  connectionsPerGigabyte: [
    'sockets',
    'in one process for each GB of memory; one more is refused with `busy` (503)',
  ],
  connectionsPerAddress: [
    'sockets',
    'from one address, requests that wait included; one more is refused with `too_many`',
  ],
  connectionsPerUser: [
    'sockets',
    'of one user, requests that wait included; one more is refused with `too_many`',
  ],
  framesBurst: ['frames', 'on one connection at once; more closes it with 4003 (`too_many`)'],
  framesPerSecond: ['frames', 'a second on one connection for long'],
  postsBurst: ['posts', 'of one user in one thread at once; beyond: `too_many`. So too for classic `send`'],
  postsPerSecond: ['posts', 'a second of one user in one thread for long'],
  changesBurst: ['changes', 'by one user at once, posts included; beyond: `too_many`'],
  changesPerSecond: ['changes', 'a second by one user for long'],
  signInFailuresBurst: ['tries', 'to sign in to one account from one address that may fail'],
  signInFailureSeconds: ['seconds', 'until one more of these may fail'],
  accountFailuresBurst: ['tries', 'to sign in to one account from all addresses that may fail'],
  accountFailureSeconds: ['seconds', 'until one more of these may fail'],
  addressFailuresBurst: ['tries', 'to sign in from one address that may fail'],
  addressFailureSeconds: ['seconds', 'until one more of these may fail'],
  codeFailuresBurst: ['tries', 'with a wrong second factor in one account, by whoever has its password'],
  codeFailureSeconds: ['seconds', 'until one more of these may fail'],
  resetMailsBurst: ['mails', 'with reset links to one account at once; beyond, none is sent'],
  resetMailSeconds: ['seconds', 'until one more of these is sent'],
  resetAsksBurst: ['requests', 'for reset links from one address at once; beyond: `too_many`'],
  resetAskSeconds: ['seconds', 'until one more of these is taken'],
  signUpsBurst: ['accounts', 'made from one address at once; beyond: `too_many`'],
  signUpSeconds: ['seconds', 'until one more account may be made'],
  requestsInFlight: [
    'requests',
    'that are answered at the same time, without those that wait; one more is refused with `busy` (503)',
  ],
  tokensPerUser: ['tokens', 'for programs that one user may have; one more is refused with `limit_reached`'],
  usersPage: ['users', 'on a page of the server’s list'],
  tokenNameChars: ['characters', 'longest name of a token'],
  membersPage: ['members', 'invitations, requests or bans on a page'],
  auditPage: ['entries', 'of the audit log on a page; an export has all'],
  auditDays: ['days', 'for which the audit log is kept'],
  invitationsPerClass: [
    'invitations',
    'of a class that can still be used; one more is refused with `limit_reached`',
  ],
  invitationDays: ['days', 'that an invitation lasts at most'],
  invitationUses: ['uses', 'of an invitation at most, where it has a number'],
  muteDays: ['days', 'for which a member is muted at most'],
  listedPeople: ['people', 'in a list that is added to a class at once'],
  listedPasswords: ['people', 'in such a list who are given a password at once'],
  listBytes: ['bytes', 'largest body with such a list'],
  pictureBytes: ['bytes', 'largest picture of a class'],
  listMax: ['entries', 'in a list of classes or threads'],
};

export function limitTable(): string {
  const rows = Object.entries(MEANINGS).map(([name, [unit, meaning]]) => [
    code(name),
    LIMITS[name as keyof typeof LIMITS].toLocaleString('en-US'),
    unit,
    meaning,
  ]);
  return table(['limit', 'value', 'unit', 'what it is about'], rows);
}
