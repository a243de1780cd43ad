/** All limits that a client can run into, in one place. Bytes are bytes on the wire, chars are Unicode code points. */
export const LIMITS = {
  /** Largest inbound WebSocket frame, in bytes; a larger one closes the connection with 1009. */
  frameBytes: 128 * 1024,
  /** Largest HTTP request body, in bytes. */
  bodyBytes: 128 * 1024,
  /** Longest text of a message. It fits into a frame even where every character is written as \\uD83D\\uDE00 (12 bytes). */
  contentChars: 8_000,
  /** Longest name of a person. */
  userNameChars: 60,
  /** Longest name of a class or thread. */
  titleChars: 100,
  /** Longest description of a class. */
  descriptionChars: 1_000,
  /** Longest e-mail address. */
  emailChars: 320,
  passwordMinChars: 8,
  /** Longer ones would only make the hash slow. */
  passwordMaxChars: 128,
  /** Longest nonce; a UUID has 36. */
  nonceChars: 64,
  /** Threads that one connection may be in; one more is refused with `limit_reached`. */
  joinsPerConnection: 200,
  /** Commands of one connection that may wait for their turn; one more closes it with `too_many`. */
  waitingCommands: 512,
  /** Seconds in which a user who types in a thread is told of once, however often the client says it. */
  typingSeconds: 2,
  /** Members of a class who are here that one answer names; the others it only counts. */
  hereNamed: 1_000,
  /** Messages on a page of history: what a request gets that asks for no number, and at most. */
  historyPageDefault: 50,
  historyPageMax: 200,
  /** Changes on a page of resume. */
  resumePage: 200,
  /** Longest time in seconds that an HTTP request may wait for a change. */
  waitSeconds: 30,
  /** Seconds in which a v2 connection must say hello. */
  helloSeconds: 10,
  /** Outbound bytes that may wait for a slow reader; more closes the connection, and it resumes later. */
  sendBufferBytes: 256 * 1024,
  /** Different emoji on one message; one more is refused with `limit_reached`. */
  emojiPerMessage: 30,
  /** Longest emoji, in UTF-16 units: families and flags are long. */
  emojiUnits: 32,
  /** People that a reaction names; beyond them it only counts. */
  reactorsNamed: 20,
  /** People behind one emoji of a message whom its list names. */
  reactorsListed: 200,
  /** People whom one message mentions; more are refused with `bad_request`. */
  mentionsPerMessage: 20,
  /** Messages that one user has starred; one more is refused with `limit_reached`. */
  starsPerUser: 1_000,
  /** Starred messages, and readers of a message, that one page answers. */
  starsPage: 50,
  readersPage: 200,
  /** Pinned messages of one thread; one more is refused with `limit_reached`. */
  pinsPerThread: 50,
  /** Days for which the nonce of a change (edit, delete, react, pin) is known; that of a post is for good. */
  nonceDays: 30,
  /** API tokens of one user; one more is refused with `limit_reached`. */
  tokensPerUser: 50,
  /** Users on a page of the server's list. */
  usersPage: 50,
  /** Longest name of an API token. */
  tokenNameChars: 60,
  /** Threads in a class and classes of a user that one list answers. */
  listMax: 1_000,
  /** Members, invitations, requests or bans of a class that one page answers. */
  membersPage: 200,
  /** Entries of the audit log on a page; an export has all of them, so many at a time. */
  auditPage: 100,
  /** Days for which the audit log is kept. */
  auditDays: 366,
  /**
   * Invitations of a class that can be used still, those for one person each (of lists) aside; one more is refused with
   * `limit_reached`, as is a list with more of its own than are left.
   */
  invitationsPerClass: 1_000,
  personalInvitationsPerClass: 10_000,
  /** Longest that an invitation lasts, and that a member is muted, in days. */
  invitationDays: 366,
  muteDays: 366,
  /** Most uses that can be set for an invitation. */
  invitationUses: 10_000,
  /** People in a list that is added to a class at once. */
  listedPeople: 2_000,
  /** People in such a list who can be given a password at once: each hash takes a core some 50 ms. */
  listedPasswords: 200,
  /** Largest list of people, in bytes: the one HTTP body that may be larger than `bodyBytes`. */
  listBytes: 1024 * 1024,
  /** Longest text that is searched for. */
  searchChars: 200,
  /** Messages on a page of what was found. */
  searchPageDefault: 20,
  searchPageMax: 50,
  /** Classes, threads and people, of each, that are named to who looks for a name. */
  namesFound: 10,
  /** Largest picture of a class, in bytes; the web client makes it smaller before it sends it. */
  pictureBytes: 64 * 1024,
  /** Classes and threads for which one user says of what to be notified; one more is refused with `limit_reached`. */
  notifyLevels: 1_000,
  /** Longest address that a push service gives a browser. */
  pushEndpointChars: 1_024,

  // From here on: counted in each process of the server for itself. `POKERS_LIMITS` can change these.
  // An HTTP request that waits for a change counts as a socket.

  /** Sockets that one process holds, for each GB of memory: 50 KB for each. One more is refused with `busy`. */
  connectionsPerGigabyte: 20_000,
  /**
   * Sockets from one address; one more is refused with `too_many`. A whole school sits behind one address, and
   * everyone behind a proxy does; still, one address cannot take all that a server of 1 GB has.
   */
  connectionsPerAddress: 16_000,
  /** Sockets of one user: tabs, devices and bots; one more is refused with `too_many`. */
  connectionsPerUser: 200,
  /** Frames that one connection may send: so many at once, and so many a second for long. More closes it with 4003. */
  framesBurst: 2_000,
  framesPerSecond: 200,
  /**
   * Posts of one user in one thread, and (counted apart) what a classic client announces with `send`. The burst is
   * room for what a client wrote while it was offline and for a bot that brings in a day's news; the rate is more than
   * anyone can type. Beyond: `too_many`.
   */
  postsBurst: 500,
  postsPerSecond: 10,
  /** Everything that one user changes, in whatever thread: posts, edits, reactions, new classes … Beyond: `too_many`. */
  changesBurst: 1_000,
  changesPerSecond: 50,
  /** Failed sign-ins to one account from one address. Beyond, that address waits: `too_many`. */
  signInFailuresBurst: 10,
  signInFailureSeconds: 30,
  /**
   * Failed sign-ins to one account from all addresses together: who tries from many. An address from which its owner
   * has signed in before is not held up by this.
   */
  accountFailuresBurst: 100,
  accountFailureSeconds: 10,
  /** Failed sign-ins from one address to whatever accounts: a class that mistypes passes, a list of passwords does not. */
  addressFailuresBurst: 300,
  addressFailureSeconds: 5,
  /** Wrong second factors of one account, by whoever has the password. */
  codeFailuresBurst: 10,
  codeFailureSeconds: 120,
  /** Mails with reset links to one account; who asks for more gets none, and is not told. */
  resetMailsBurst: 3,
  resetMailSeconds: 600,
  /** Reset links asked for from one address. Beyond: `too_many`. */
  resetAsksBurst: 100,
  resetAskSeconds: 10,
  /** New accounts from one address: a school on its first day passes. Beyond: `too_many`. */
  signUpsBurst: 1_000,
  signUpSeconds: 2,
  /** Searches and completions of names of one user: one for each letter that someone types. Beyond: `too_many`. */
  searchesBurst: 60,
  searchesPerSecond: 5,
  /** HTTP requests that are being answered at the same time; one more is refused with `busy`. */
  requestsInFlight: 1_000,
} as const;

/** Limits of files; apart from the others, since a page begins without them. */
export const FILE_LIMITS = {
  /** Longest name of a file, in bytes of UTF-8: what every file system takes, with room for a counter. */
  fileNameBytes: 200,
  /** Most bytes of an upload in one request. */
  pieceBytes: 1024 * 1024,
  /** Hours for which an upload that is not posted is kept after it was begun. */
  uploadHours: 24,
  /** Largest file that is shown as a picture, in pixels: browsers unpack 4 bytes for each. */
  picturePixels: 100_000_000,
  /** Messages on a page of a thread's files. */
  filesPage: 50,

  // `POKERS_LIMITS` can change these, too.

  /** Largest file, in bytes. */
  fileBytes: 25 * 1024 * 1024,
  /** Bytes that one user may upload in a day (of UTC). */
  fileBytesPerDay: 250 * 1024 * 1024,
  /** Bytes of all files of a class, and of all files of the server, however many processes it has. */
  fileBytesPerClass: 2 * 1024 * 1024 * 1024,
  fileBytesPerServer: 10 * 1024 * 1024 * 1024,
  /** Uploads of one user that are not finished yet; one more is refused with `limit_reached`. */
  uploadsPerUser: 20,
  /** Pieces of uploads that one process takes in at the same time; one more is refused with `busy`. */
  piecesAtOnce: 64,
  /** Bytes of the disk that files leave free, for the database above all. */
  freeBytes: 256 * 1024 * 1024,
} as const;

/** How many characters (Unicode code points) a text has: what the limits above count. */
export function countChars(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
