import type { Joining, ThreadMakers } from '@pokers/protocol/classes';
import type { Message } from '@pokers/protocol/message';
import type { Role } from '@pokers/protocol/rights';
import type { AuditEntry } from './audit.ts';
import type { Records } from './records.ts';

export interface Classroom {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  /** Whoever has it can join, or ask to, as `joining` says. */
  readonly code: string;
  readonly joining: Joining;
  readonly threads_by: ThreadMakers;
  /** The hash of its picture. */
  readonly picture: string | null;
  /** Since when it is archived, Unix seconds. */
  readonly archived: number | null;
}

export interface ClassroomDraft {
  readonly name: string;
  readonly description: string;
  readonly code: string;
  /** The user who heads it. */
  readonly head: number;
  /** Unix seconds. */
  readonly date: number;
}

export interface ClassroomOfMember extends Classroom {
  readonly role: Role;
  readonly muted_until: number | null;
  readonly members: number;
}

export interface Thread {
  readonly id: number;
  readonly class: number;
  readonly name: string;
  readonly creator: number | null;
  /** When it was created, Unix seconds. */
  readonly date: number | null;
  /** The number of its last durable change. */
  readonly seq: number;
  readonly messages: number;
  /** When the last message was posted, Unix seconds. */
  readonly last: number | null;
  /** Since when it is so, Unix seconds. */
  readonly pinned: number | null;
  readonly read_only: number | null;
  readonly archived: number | null;
}

/** A thread, and what of its class decides who may do what in it. */
export interface ThreadInClass extends Thread {
  readonly class_archived: number | null;
}

/** What someone is in a class. */
export interface Membership {
  readonly role: Role;
  /** Unix seconds. */
  readonly muted_until: number | null;
}

/** How far somebody is in a thread. */
export interface Reading {
  readonly unread: number;
  /** Those of the unread ones that mention them, or everyone. */
  readonly mentions: number;
  /** The last message that they have read; null where none is known. */
  readonly read: number | null;
}

/** A thread in which something is unread. */
export interface UnreadThread extends Reading {
  readonly class: number;
  readonly thread: number;
  /** How many were posted in it. */
  readonly messages: number;
}

export interface ThreadOfReader extends Thread, Reading {}

export interface User {
  readonly id: number;
  readonly name: string;
}

export interface Member extends User, Membership {}

/** A message to be: what the speaker gives, before the store numbers it. */
export interface MessageDraft {
  readonly thread: number;
  readonly speaker: number;
  readonly speakerName: string;
  readonly isSuper: boolean;
  /** Empty for a file without words. */
  readonly content: string;
  /** A file of the speaker's that becomes this message's, with it or not at all. */
  readonly file?: number;
  /** See `Message`. */
  readonly reply?: number | undefined;
  readonly mentions?: readonly number[] | undefined;
  /** Unix seconds. */
  readonly date: number;
  readonly nonce?: string;
  readonly awaitsAnnounce?: boolean;
}

export interface Appended {
  readonly message: Message;
  /** False when the nonce had been used: this is the message that was stored then. */
  readonly fresh: boolean;
}

/** What is done to a message. `delete` leaves a tombstone without content, reactions or pin. */
export type MessageChange =
  | { readonly kind: 'edit'; readonly content: string; readonly mentions?: readonly number[] | undefined }
  | { readonly kind: 'delete' }
  | { readonly kind: 'react'; readonly emoji: string; readonly on: boolean }
  | { readonly kind: 'pin'; readonly on: boolean };

export interface ChangeRequest {
  readonly message: number;
  /** Who does it: the owner of the nonce, and whose reaction it is. */
  readonly by: number;
  readonly change: MessageChange;
  /** Unix seconds. */
  readonly date: number;
  readonly nonce?: string;
  /** Written into the audit log where the change has an effect. */
  readonly entry?: AuditEntry;
}

export interface Changed {
  readonly message: Message;
  /** False when nothing happened. */
  readonly fresh: boolean;
}

export interface FilesPage {
  readonly pictures: boolean;
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface HistoryPage {
  /** Oldest first, tombstones included. */
  readonly messages: readonly Message[];
  /** Whether there are older ones. */
  readonly more: boolean;
}

/** A page in the other direction. */
export interface NewerPage {
  /** Oldest first, tombstones included. */
  readonly messages: readonly Message[];
  /** Whether there are newer ones. */
  readonly more: boolean;
}

/**
 * The durable truth. The guarantees, which every implementation proves in the same contract suite:
 *
 * - A promise of a change resolves after the change is on disk, never before.
 * - `threads.seq` grows by exactly one with every durable change in a thread; the message that changed carries it.
 * - Ids of messages grow within a thread in the order of posting, and no id is ever given twice.
 * - A nonce is unique per speaker: appending again stores nothing and answers the message that was stored.
 * - The cost of a change or of a page does not grow with the number of messages, threads or classes.
 *
 * Failures are `PokersError`s: `store_unavailable` when it cannot write or too much is waiting (nothing was stored),
 * and those named at the methods.
 */
export interface Store extends Records {
  /** Made with the database; another epoch means another history. */
  readonly epoch: string;

  classroom(id: number): Promise<Classroom | undefined>;
  classroomByCode(code: string): Promise<Classroom | undefined>;
  /** At most `LIMITS.listMax`, newest first. */
  classroomsOf(user: number): Promise<ClassroomOfMember[]>;
  /** The creator becomes its head. The code must be a new one. */
  createClassroom(draft: ClassroomDraft): Promise<Classroom>;

  /** Who may use the server: nobody whose account is disabled. */
  user(id: number): Promise<User | undefined>;
  membership(user: number, classroom: number): Promise<Membership | undefined>;
  /** Those with an id above `after`, in order of it. */
  membersOf(classroom: number, page: { after: number; limit: number }): Promise<Member[]>;
  countMembers(classroom: number): Promise<number>;
  /** Joining again changes nothing, the role included. */
  addMember(member: { user: number; classroom: number; role: Role; date: number }): Promise<void>;

  /** A deleted one is not there. */
  thread(id: number): Promise<ThreadInClass | undefined>;
  /** At most `LIMITS.listMax`, pinned ones first, then by their newest message, with what this user has not read. */
  threadsOf(classroom: number, user: number): Promise<ThreadOfReader[]>;
  /** @throws class_not_found */
  createThread(draft: { classroom: number; name: string; creator: number; date: number }): Promise<Thread>;

  /**
   * @throws thread_not_found, nonce_conflict (the nonce was used in another thread), file_not_found (also for one that is
   *   another's, of another class, or posted already), upload_unfinished, file_has_no_words
   */
  appendMessage(draft: MessageDraft): Promise<Appended>;
  /**
   * Changes a message. With a nonce that its speaker used before, or where nothing would be different, nothing happens
   * and the message is answered as it stands.
   * @throws message_not_found (also for a deleted one, except to delete it again), limit_reached (emoji, pins),
   *   nonce_conflict (the nonce was used for something else)
   */
  changeMessage(request: ChangeRequest): Promise<Changed>;
  /** Forgets the nonces of changes (not of posts) from before this time, in Unix seconds. */
  forgetChanges(before: number): Promise<void>;
  /** Removes for good what deleted threads held, a bounded number of messages at a time. */
  purgeThreads(): Promise<void>;
  message(id: number): Promise<Message | undefined>;
  /** The reader has read up to a message, of which this is the id and the number in its thread. Going back changes nothing. */
  markRead(mark: { user: number; thread: number; message: number; number: number }): Promise<void>;
  reading(user: number, thread: number): Promise<Reading>;
  /** In all classes of the user, archived threads aside; at most `LIMITS.listMax`. */
  unreadOf(user: number): Promise<UnreadThread[]>;
  /** The newest `limit` messages, or those older than the id `before`. */
  history(thread: number, page: { before?: number; limit: number }): Promise<HistoryPage>;
  /** The newest messages with pictures or files, or with pictures alone, the newest first; or those before an id. */
  filesOf(thread: number, page: FilesPage): Promise<HistoryPage>;
  /** The oldest `limit` messages from the id `from` on. */
  historyFrom(thread: number, page: { from: number; limit: number }): Promise<NewerPage>;
  /** The id of the first message of this time or later, in Unix seconds; undefined where all are older. */
  messageAt(thread: number, date: number): Promise<number | undefined>;
  /** The present state of every message whose last change came after a seq, in order of seq. */
  changesSince(thread: number, after: number, limit: number): Promise<Message[]>;

  /** Waits for what is under way, then lets go of the files. */
  close(): Promise<void>;
}
