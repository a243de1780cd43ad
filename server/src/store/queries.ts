import { LIMITS } from '@pokers/protocol/limits';
import type { MessageRow } from './rows.ts';
import { statement } from './statement.ts';
import type {
  Classroom,
  ClassroomOfMember,
  Member,
  Membership,
  ThreadInClass,
  ThreadOfReader,
  User,
} from './store.ts';

const CLASS = 'id, name, description, code, joining, threads_by, picture, archived';
const THREAD = `t.id, t.class_id as class, t.name, t.creator, t.date, t.seq, t.messages, t.last, t.pinned,
  t.read_only, t.archived`;

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
    `select ${THREAD}, messages - coalesce(reads.number, 0) as unread
     from threads t left join reads on reads.thread = t.id and reads.user_id = $user
     where class_id = $classroom and pinned is not null and deleted is null
     order by pinned desc limit ${LIMITS.listMax}`,
  ),
  threadsOf: statement<ThreadOfReader>(
    `select ${THREAD}, messages - coalesce(reads.number, 0) as unread
     from threads t left join reads on reads.thread = t.id and reads.user_id = $user
     where class_id = $classroom and pinned is null and deleted is null
     order by coalesce(last, date) desc nulls last, id desc limit $limit`,
  ),
  unread: statement<{ unread: number }>(
    `select messages - coalesce(reads.number, 0) as unread
     from threads left join reads on reads.thread = threads.id and reads.user_id = $user where id = $thread`,
  ),
  message: statement<MessageRow>('select * from messages where id = $id'),
  history: statement<MessageRow>(
    'select * from messages where thread = $thread and id < $before order by id desc limit $limit',
  ),
  picturesOf: statement<MessageRow>(
    `select * from messages where thread = $thread and id < $before and img_url is not null
     order by id desc limit $limit`,
  ),
  filesOf: statement<MessageRow>(
    `select * from messages where thread = $thread and id < $before
       and (img_url is not null or file_url is not null)
     order by id desc limit $limit`,
  ),
  changesSince: statement<MessageRow>(
    'select * from messages where thread = $thread and seq > $after order by seq limit $limit',
  ),
};
