import type { Role } from '@pokers/protocol/rights';
import type { Classes } from './classes.ts';
import type { Value } from './columns.ts';
import type { ImportRun } from './import-run.ts';
import type { TableRow } from './tables.ts';

const TEACHER = 2;

/** `users.class` and `classes.member`, as far as memberships go. */
interface IdList {
  readonly ids: ReadonlySet<number>;
  /** Parts that are no id. */
  readonly strange: readonly string[];
}

/**
 * @returns a function that puts a user into the classes of `users.class`, which is what the original's socket server
 *   checked. A membership that is there keeps its role, which may have been changed here.
 */
export function membershipMaker(
  { db, tally }: ImportRun,
  classes: Classes,
): (user: TableRow<'users'>) => void {
  const insert = db.query<unknown, [Record<string, Value>]>(
    `insert into members (class_id, user_id, role) values ($class_id, $user_id, $role) on conflict do nothing`,
  );
  return (user) => {
    const { ids, strange } = idsIn(user.class);
    for (const part of strange) {
      const row = `user ${user.id}: ${part.slice(0, 40)}`;
      tally.skipped('memberships', 'what stands in users.class is no class id', row);
    }
    for (const id of ids) {
      const classroom = classes.get(id);
      if (!classroom) {
        tally.skipped('memberships', 'the class does not exist', `user ${user.id} in class ${id}`);
        continue;
      }
      const { changes } = insert.run({ class_id: id, user_id: user.id, role: roleOf(user, classroom.head) });
      if (changes > 0) tally.imported('memberships');
      else tally.already('memberships');
    }
  };
}

/** Says where the classes' own lists and heads disagree with the memberships; nothing is changed. For after the users. */
export async function compareMemberLists(run: ImportRun): Promise<void> {
  const { db, tally } = run;
  const isMember = db.query<unknown, [number, number]>(
    'select 1 from members where user_id = ? and class_id = ?',
  );
  const hasHead = db.query<unknown, [number]>("select 1 from members where class_id = ? and role = 'head'");
  await run.eachAgain('classes', ({ id, member }) => {
    for (const user of idsIn(member).ids) {
      if (isMember.get(user, id)) continue;
      const what = 'stands only in classes.member; not a member, since only users.class counts';
      tally.noted('memberships', what, `user ${user} in class ${id}`);
    }
    if (hasHead.get(id)) return;
    tally.noted('classes', 'without a head: the user in "super" is no member of it', id);
  });
}

function roleOf({ id, type }: TableRow<'users'>, head: number | null): Role {
  if (id === head) return 'head';
  return type === TEACHER ? 'teacher' : 'student';
}

/** Comma-separated ids, as PHP wrote them: with blanks, empty parts and repetitions. */
function idsIn(list: string | null): IdList {
  const parts = (list ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const isId = (part: string): boolean => /^\d{1,16}$/.test(part) && Number.isSafeInteger(Number(part));
  return { ids: new Set(parts.filter(isId).map(Number)), strange: parts.filter((part) => !isId(part)) };
}
