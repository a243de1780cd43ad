import { LIMITS } from '@pokers/protocol/limits';
import { MESSAGE_COLUMNS, type MessageRow } from './rows.ts';
import { statement } from './statement.ts';
import type {
  Classroom,
  ClassroomOfMember,
  Member,
  Membership,
  Reading,
  ThreadInClass,
  ThreadOfReader,
  UnreadThread,
  User,
} from './store.ts';

const CLASS = 'id, name, description, code, joining, threads_by, picture, archived';
const THREAD = `t.id, t.class_id as class, t.name, t.creator, t.date, t.seq, t.messages, t.last, t.pinned,
  t.read_only, t.archived`;

/** How far a user is in a thread `t`, whose `reads` are joined. */
const READING = `t.messages - coalesce(reads.number, 0) as unread, reads.message as read,
  (select count(*) from mentions m where m.user_id in ($user, 0) and m.thread = t.id
     and m.number > coalesce(reads.number, 0)) as mentions`;

/** What the store reads. */
export const QUERIES = {
  epoch: statement<{ value: string }>("select value from meta where key = 'epoch'"),
  classroom: statement<Classroom>(`select ${CLASS} from classes where id = $id`),
  classroomByCode: statement<Classroom>(`select ${CLASS} from classes where code = $code`),
  classroomsOf: statement<ClassroomOfMember>(
    `select c.*, m.role, m.muted_until,
       (select count(*) from members where class_id = c.id) as members
     from members m join (select ${CLASS} from classes) c on c.id = m.class_id
     where m.user_id = $user order by m.class_id desc limit ${LIMITS.listMax}`,
  ),
  user: statement<User>('select id, name from users where id = $id and disabled is null'),
  membership: statement<Membership>(
    'select role, muted_until from members where user_id = $user and class_id = $classroom',
  ),
  membersOf: statement<Member>(
    `select u.id, u.name, m.role, m.muted_until from members m join users u on u.id = m.user_id
     where m.class_id = $classroom and m.user_id > $after order by m.user_id limit $limit`,
  ),
  countMembers: statement<{ count: number }>(
    'select count(*) as count from members where class_id = $classroom',
  ),
  thread: statement<ThreadInClass>(
    `select ${THREAD}, c.archived as class_archived from threads t join classes c on c.id = t.class_id
     where t.id = $id and t.deleted is null`,
  ),
  pinnedThreadsOf: statement<ThreadOfReader>(
    `select ${THREAD}, ${READING}
     from threads t left join reads on reads.thread = t.id and reads.user_id = $user
     where class_id = $classroom and pinned is not null and deleted is null
     order by pinned desc limit ${LIMITS.listMax}`,
  ),
  threadsOf: statement<ThreadOfReader>(
    `select ${THREAD}, ${READING}
     from threads t left join reads on reads.thread = t.id and reads.user_id = $user
     where class_id = $classroom and pinned is null and deleted is null
     order by coalesce(last, date) desc nulls last, id desc limit $limit`,
  ),
  reading: statement<Reading>(
    `select ${READING}
     from threads t left join reads on reads.thread = t.id and reads.user_id = $user where t.id = $thread`,
  ),
  unreadOf: statement<UnreadThread>(
    `select t.class_id as class, t.id as thread, t.messages, ${READING}
     from members x join threads t on t.class_id = x.class_id
     left join reads on reads.thread = t.id and reads.user_id = $user
     where x.user_id = $user and t.deleted is null and t.archived is null
       and t.messages > coalesce(reads.number, 0) limit ${LIMITS.listMax}`,
  ),
  message: statement<MessageRow>(`select ${MESSAGE_COLUMNS} from messages where id = $id`),
  history: statement<MessageRow>(
    `select ${MESSAGE_COLUMNS} from messages where thread = $thread and id < $before order by id desc limit $limit`,
  ),
  picturesOf: statement<MessageRow>(
    `select ${MESSAGE_COLUMNS} from messages where thread = $thread and id < $before and img_url is not null
     order by id desc limit $limit`,
  ),
  filesOf: statement<MessageRow>(
    `select ${MESSAGE_COLUMNS} from messages where thread = $thread and id < $before
       and (img_url is not null or file_url is not null)
     order by id desc limit $limit`,
  ),
  historyFrom: statement<MessageRow>(
    `select ${MESSAGE_COLUMNS} from messages where thread = $thread and id >= $from order by id limit $limit`,
  ),
  /** The ends of a thread, and the first message from an id on: for looking a time up by halves. */
  ends: statement<{ first: number | null; last: number | null }>(
    'select min(id) as first, max(id) as last from messages where thread = $thread',
  ),
  dateFrom: statement<{ id: number; date: number | null }>(
    'select id, date from messages where thread = $thread and id >= $from order by id limit 1',
  ),
  changesSince: statement<MessageRow>(
    `select ${MESSAGE_COLUMNS} from messages where thread = $thread and seq > $after order by seq limit $limit`,
  ),
};
