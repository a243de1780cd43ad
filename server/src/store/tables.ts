import type { NoticeLanguage, NotifyLevel } from '@pokers/protocol/notifications';
import type { Role } from '@pokers/protocol/rights';
import type { ColumnType, Generated } from 'kysely';

/** A column that a row begins with as null or with its default. */
type Later<T> = ColumnType<T, T | undefined, T>;

/** Of messages what these queries look at; the hot ones have statements of their own. */
interface MessageColumns {
  id: Generated<number>;
  thread: number;
  pinned: number | null;
  deleted: number | null;
}

/** What is asked for with one text on every engine: all but what belongs to the accounts' library. */
export interface Tables {
  users: {
    id: Generated<number>;
    name: string;
    name_key: string;
    email: string;
    created_at: string;
    updated_at: string;
    head: Later<number>;
    disabled: Later<number | null>;
  };
  accounts: {
    id: Generated<number>;
    user_id: number;
    account_id: string;
    provider_id: string;
    password: string | null;
    created_at: string;
    updated_at: string;
  };
  sessions: { id: Generated<number>; user_id: number; expires_at: string };
  tokens: { id: Generated<number>; user_id: number; expires: number | null };
  classes: {
    id: Generated<number>;
    name: string;
    description: string;
    image: Later<string | null>;
    code: string;
    date: number | null;
    archived: Later<number | null>;
    joining: Later<string>;
    threads_by: Later<string>;
    picture: Later<string | null>;
  };
  members: {
    class_id: number;
    user_id: number;
    role: Role;
    date: number | null;
    muted_until: Later<number | null>;
  };
  threads: {
    id: Generated<number>;
    class_id: number;
    creator: number | null;
    name: string;
    date: number | null;
    pinned: Later<number | null>;
    read_only: Later<number | null>;
    archived: Later<number | null>;
    deleted: Later<number | null>;
  };
  invitations: {
    id: Generated<number>;
    class_id: number;
    token: string;
    role: Role;
    creator: number;
    name: string | null;
    date: number;
    expires: number | null;
    uses_max: number | null;
    uses: Later<number>;
    revoked: Later<number | null>;
  };
  requests: { class_id: number; user_id: number; date: number };
  /** See migration 0006. */
  kept_mutes: { class_id: number; user_id: number; until: number };
  /** See migration 0009, which also has `mentions`. */
  messages: MessageColumns;
  starred: { id: Generated<number>; user_id: number; message: number; date: number };
  mentions: { user_id: number; thread: number; number: number };
  bans: { class_id: number; user_id: number; creator: number; date: number };
  pictures: { class_id: number; type: string; base64: string };
  /** See migration 0008, of these three. */
  files: {
    id: Generated<number>;
    class_id: number;
    uploader: number;
    name: string;
    size: number;
    key: string;
    sha256: Later<string | null>;
    preview: Later<string | null>;
    type: Later<string | null>;
    width: Later<number | null>;
    height: Later<number | null>;
    begun: number;
    done: Later<number | null>;
    message: Later<number | null>;
    gone: Later<number>;
  };
  file_space: { class_id: number; bytes: number };
  file_days: { day: number; user_id: number; bytes: number };
  /** The server's own: see `ServerSettings`. */
  settings: { key: string; value: string };
  meta: { key: string; value: string };
  /** How far someone has read, as the number of a message in its thread, and its id where that is known. */
  reads: { user_id: number; thread: number; number: number; message: number | null };
  push_subscriptions: {
    session_id: number;
    user_id: number;
    endpoint: string;
    p256dh: string;
    auth: string;
    language: NoticeLanguage;
    origin: string;
  };
  notify_settings: {
    user_id: number;
    level: NotifyLevel;
    content: number;
    quiet_from: number | null;
    quiet_until: number | null;
    zone: string | null;
  };
  /** What someone wants to hear of a class (`thread_id` 0) or of a thread of it. */
  notify_levels: { user_id: number; class_id: number; thread_id: number; level: NotifyLevel };
  /** See migration 0005. */
  search_changes: { n: Generated<number>; message: number };
  audit: {
    id: Generated<number>;
    date: number;
    actor: number | null;
    actor_name: string | null;
    address: string | null;
    action: string;
    class_id: number | null;
    user_id: number | null;
    user_name: string | null;
    detail: string | null;
  };
}
