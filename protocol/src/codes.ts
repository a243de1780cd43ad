/**
 * Every code that can reach a client, in one table each. `docs/protocol.md` prints them.
 *
 * 100–108 are the classic protocol's own numbers and keep their meaning on all doors.
 */

/** What a classic server says when all is well. */
export const CLASSIC_JOINED = 100;
export const CLASSIC_SENT = 105;

export interface ErrorEntry {
  /** The stable number, the same on every door. */
  readonly code: number;
  /** The status that the HTTP door answers with it. */
  readonly http: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503;
  /** What happened and what to do, for the person who reads it. */
  readonly message: string;
}

const bad_request = { code: 104, http: 400, message: 'The request is malformed.' } as const;
const too_long = {
  code: 114,
  http: 413,
  message: 'This is too long. Shorten it and send it again.',
} as const;
const too_many = {
  code: 115,
  http: 429,
  message: 'Too many requests at once. Wait a moment and try again.',
} as const;
const limit_reached = {
  code: 123,
  http: 409,
  message: 'This has reached its limit. Remove something first.',
} as const;

/** What a client also finds by itself, without asking: apart, so that a browser does not load the whole table for it. */
export const CLIENT_ERRORS = { bad_request, too_long, too_many, limit_reached };

export const ERRORS = {
  unknown_action: {
    code: 101,
    http: 400,
    message: 'This action is not known. See docs/protocol.md for those that are.',
  },
  thread_not_found: {
    code: 102,
    http: 404,
    message: 'This thread does not exist, or you are not in its class.',
  },
  class_not_found: { code: 103, http: 404, message: 'This class does not exist, or you are not in it.' },
  bad_request,
  not_a_member: { code: 107, http: 403, message: 'You are not in this class.' },
  message_not_found: { code: 108, http: 404, message: 'This message does not exist in this thread.' },
  sign_in_required: { code: 109, http: 401, message: 'Sign in first.' },
  wrong_credentials: {
    code: 110,
    http: 401,
    message:
      'The name or e-mail, or the password, is wrong. Where several have the same name, use the e-mail.',
  },
  forbidden: { code: 111, http: 403, message: 'You may not do this. Ask the head of the class.' },
  email_taken: {
    code: 112,
    http: 409,
    message: 'There is an account with this e-mail already. Sign in instead.',
  },
  join_code_not_found: { code: 113, http: 404, message: 'No class has this code. Ask for it once more.' },
  too_long,
  too_many,
  not_found: { code: 116, http: 404, message: 'There is nothing at this address.' },
  store_unavailable: {
    code: 117,
    http: 503,
    message: 'The server cannot save right now. Nothing was stored; try again soon.',
  },
  hello_required: { code: 118, http: 400, message: 'Say hello first: {"action":"hello"}.' },
  nonce_conflict: {
    code: 119,
    http: 409,
    message: 'This nonce was used for something else. Make a new one for each command.',
  },
  origin_denied: {
    code: 120,
    http: 403,
    message: 'This request comes from a page of another site and was refused.',
  },
  json_required: {
    code: 121,
    http: 415,
    message: 'Send the body as JSON, with Content-Type: application/json.',
  },
  busy: {
    code: 122,
    http: 503,
    message: 'The server has as much to do as it can bear. Try again in a moment.',
  },
  limit_reached,
  scope_missing: {
    code: 124,
    http: 403,
    message: 'This token may not do this. Make one with the scope that is missing.',
  },
  session_required: {
    code: 125,
    http: 403,
    message: 'Programs with a token may not do this. Sign in and do it yourself.',
  },
  second_factor_required: {
    code: 126,
    http: 401,
    message: 'Enter the code of your authenticator app, or one of your recovery codes.',
  },
  wrong_code: {
    code: 127,
    http: 401,
    message: 'This code is wrong, or was used already. Enter the next one that the app shows.',
  },
  account_disabled: {
    code: 128,
    http: 403,
    message: 'This account is disabled. Ask the head of the server.',
  },
  wrong_password: { code: 129, http: 403, message: 'Your password is wrong. Nothing was changed.' },
  link_not_good: {
    code: 130,
    http: 404,
    message: 'This link was used already, or has run out. Ask for a new one.',
  },
  second_factor_on: {
    code: 131,
    http: 409,
    message: 'A second factor is on already. Switch it off first.',
  },
  second_factor_off: { code: 132, http: 409, message: 'No second factor is on. Set one up first.' },
  user_not_found: { code: 133, http: 404, message: 'This user does not exist.' },
  last_head: {
    code: 134,
    http: 409,
    message: 'Nobody else heads the server. Make someone else a head first.',
  },
  sign_up_closed: {
    code: 135,
    http: 403,
    message: 'This server takes no new accounts by itself. Ask the head of the server for one.',
  },
  invitation_required: {
    code: 136,
    http: 403,
    message: 'An account here needs an invitation that is still good. Ask for a link to a class.',
  },
  oidc_failed: {
    code: 137,
    http: 400,
    message: 'The sign-in service gave no answer that can be trusted. Nothing was changed; try again.',
  },
  oidc_denied: {
    code: 138,
    http: 403,
    message: 'The sign-in service did not let you in.',
  },
  oidc_email_unverified: {
    code: 139,
    http: 409,
    message:
      'There is an account with this e-mail, and the sign-in service has not made sure that it is yours. Sign in with your password.',
  },
  class_has_head: {
    code: 149,
    http: 409,
    message: 'This class has a head, who hands it over or makes others heads.',
  },
  class_archived: {
    code: 150,
    http: 403,
    message: 'This class is archived: it can be read, and nothing in it can be changed.',
  },
  thread_archived: {
    code: 151,
    http: 403,
    message: 'This thread is archived: it can be read, and nothing is added to it.',
  },
  thread_read_only: { code: 152, http: 403, message: 'Only teachers post in this thread.' },
  muted: { code: 153, http: 403, message: 'You are muted in this class for a time. Ask a teacher.' },
  class_needs_head: {
    code: 154,
    http: 409,
    message: 'A class needs a head: make someone else head first.',
  },
  invitation_not_found: {
    code: 155,
    http: 404,
    message: 'This invitation does not exist. Check the link, or ask for a new one.',
  },
  invitation_expired: {
    code: 156,
    http: 403,
    message: 'This invitation has run out. Ask for a new one.',
  },
  invitation_used_up: {
    code: 157,
    http: 403,
    message: 'This invitation was used as often as it may be. Ask for a new one.',
  },
  invitation_revoked: {
    code: 158,
    http: 403,
    message: 'This invitation was taken back. Ask for a new one.',
  },
  banned: {
    code: 159,
    http: 403,
    message: 'You were banned from this class. Only its head or teachers can lift that.',
  },
  joining_closed: {
    code: 160,
    http: 403,
    message: 'This class takes nobody in by its code. Ask for an invitation.',
  },
  member_not_found: { code: 161, http: 404, message: 'There is no such member in this class.' },
  request_not_found: {
    code: 162,
    http: 404,
    message: 'There is no such request. Somebody else may have decided it.',
  },
  picture_invalid: {
    code: 163,
    http: 415,
    message: 'This is no picture that can be shown. Choose a PNG, JPEG or WebP file.',
  },
  already_member: { code: 165, http: 409, message: 'This person is in the class already.' },
  list_invalid: {
    code: 164,
    http: 400,
    message: 'The list has errors. Nobody was added; correct the lines and send it again.',
  },
  push_service_refused: {
    code: 180,
    http: 400,
    message: 'This push service cannot be used: only those on the internet can, by https.',
  },
  file_not_found: {
    code: 170,
    http: 404,
    message: 'There is no such file, or it was posted already. Upload it again.',
  },
  file_too_large: { code: 171, http: 413, message: 'This file is too large. Make it smaller.' },
  upload_allowance_used: {
    code: 172,
    http: 429,
    message: 'You have uploaded as much as one may in a day. Go on tomorrow.',
  },
  class_files_full: {
    code: 173,
    http: 409,
    message: 'The class has no room for this file. Delete messages with old files first.',
  },
  server_files_full: {
    code: 174,
    http: 503,
    message: 'The server has no room for this file. Nothing was stored; tell the head of the server.',
  },
  upload_offset_wrong: {
    code: 175,
    http: 409,
    message: 'This piece does not follow what has come so far. Ask how far that is, and go on from there.',
  },
  upload_unfinished: {
    code: 176,
    http: 409,
    message: 'This file has not come whole yet. Upload the rest first.',
  },
  upload_damaged: {
    code: 177,
    http: 400,
    message: 'This file was damaged on its way. Upload it again.',
  },
  files_unavailable: {
    code: 178,
    http: 503,
    message: 'The place where files are kept cannot be reached. Try again soon.',
  },
  file_has_no_words: {
    code: 179,
    http: 400,
    message: 'A file that is no picture is posted without words. Post them as a message of their own.',
  },
  internal: {
    code: 199,
    http: 500,
    message: 'Something went wrong on the server. It has been logged; try again.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorName = keyof typeof ERRORS;

export interface CloseEntry {
  readonly code: number;
  /** Whether the client should come back by itself (with back-off) and resume. */
  readonly reconnect: boolean;
  readonly reason: string;
}

/**
 * Why the server closed a connection. 4000–4099: reconnect; 4100–4199: do not. 1006 (the line broke) and any code
 * that is not listed mean "reconnect".
 */
export const CLOSES = {
  going_away: { code: 4000, reconnect: true, reason: 'The server is stopping or restarting.' },
  too_slow: { code: 4001, reconnect: true, reason: 'The connection did not read fast enough.' },
  silent: { code: 4002, reconnect: true, reason: 'No hello came in time.' },
  too_many: { code: 4003, reconnect: true, reason: 'Too many commands came on this connection.' },
  frame_too_large: { code: 1009, reconnect: false, reason: 'A frame was larger than the limit.' },
  sign_in_required: { code: 4101, reconnect: false, reason: 'There is no valid session.' },
} as const satisfies Record<string, CloseEntry>;

export type CloseName = keyof typeof CLOSES;

/** Whether a client that saw this close code should come back by itself. */
export function shouldReconnect(code: number): boolean {
  return Object.values(CLOSES).find((close) => close.code === code)?.reconnect ?? true;
}

/**
 * The close reason of a server that restarts: when this client should come back. Everyone is told another moment, so
 * that they do not all come at once. At most 123 bytes.
 */
export function comeBackReason(afterMs: number): string {
  return `The server is restarting; retry:${Math.round(afterMs)}`;
}

/** When a close reason says to come back, in ms from now; undefined where it says nothing about it. */
export function retryAfterMs(reason: string): number | undefined {
  const ms = /\bretry:(\d{1,6})$/.exec(reason)?.[1];
  return ms === undefined ? undefined : Number(ms);
}
