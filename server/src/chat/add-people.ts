import type { AddedView, ListedPerson, PreviewView } from '@pokers/protocol/classes';
import { LIMITS } from '@pokers/protocol/limits';
import type { Role } from '@pokers/protocol/rights';
import { newUserSteps } from '../accounts/new-user-steps.ts';
import type { Passwords } from '../accounts/password.ts';
import { firstPassword } from '../accounts/readable-text.ts';
import { PokersError } from '../errors.ts';
import { auditStep } from '../store/audit.ts';
import { stillMay } from '../store/class-steps.ts';
import { countUsable, invitationStep } from '../store/invitations.ts';
import { knownEmails, memberByEmailStep } from '../store/members.ts';
import type { Step } from '../store/records.ts';
import { type Actor, inClass, mayReach } from './access.ts';
import { type Chat, tellClass } from './chat.ts';
import { invitationToken } from './create-invitation.ts';
import { accountMaker } from './entrusted.ts';
import { readPeople } from './people-list.ts';

export interface PeopleList {
  readonly text: string;
  /** Of those whose line names none. */
  readonly role: Exclude<Role, 'head'>;
}

/** How long a link for one person is good, in seconds. */
const LINK_SECONDS = 30 * 24 * 60 * 60;

/** What is in a list, and what is wrong with it; nothing is changed. @throws limit_reached, and as `inClass` */
export async function previewPeople(
  chat: Chat,
  actor: Actor,
  classroom: number,
  { text, role }: PeopleList,
): Promise<PreviewView> {
  const { role: own } = await inClass(chat, actor, 'add_members', classroom);
  return readFor(own, { text, role });
}

function readFor(own: Role, { text, role }: PeopleList): PreviewView {
  const { people, problems, tooMany } = readPeople(text, role, (given) =>
    mayReach('add_members', own, given),
  );
  if (tooMany)
    throw new PokersError('limit_reached', `at most ${LIMITS.listedPeople} people at once: split the list`);
  return { people, problems };
}

/**
 * Adds all the people of a list, or none where a line is wrong. `links`: an invitation for each, good for one use.
 * `passwords`: an account for each, with a first password, in the class at once; who has an account with this e-mail gets
 * a link, since nobody is put into a class by strangers.
 * @throws list_invalid, limit_reached, forbidden (who may not make accounts), email_taken (someone signed up meanwhile),
 *   and as `inClass`
 */
export async function addPeople(
  chat: Chat,
  actor: Actor,
  classroom: number,
  list: PeopleList & { give: 'links' | 'passwords'; passwords: Passwords },
): Promise<AddedView['people']> {
  const { role: own } = await inClass(chat, actor, 'add_members', classroom);
  const { people, problems } = readFor(own, list);
  const [first] = problems;
  if (first) throw new PokersError('list_invalid', `line ${first.line}: ${first.problem}`);
  if (people.length === 0) throw new PokersError('list_invalid', 'nobody is in it');
  if (list.give === 'passwords') await requireAccountMaker(chat, actor);
  const added =
    list.give === 'links' ? people.map(withLink) : await withPasswords(chat, people, list.passwords);

  const date = chat.now();
  const links = added.filter(({ token }) => token !== undefined).length;
  await requireRoom(chat, classroom, links);
  const { db } = chat.store;
  const steps: Step[] = stillMay(db, classroom, actor, own);
  // The hashes may have taken a minute.
  if (list.give === 'passwords')
    steps.push({
      query: accountMaker(db, actor),
      expect: { rows: 'some', otherwise: 'forbidden', detail: PASSWORDS_BY },
    });
  for (const person of added) {
    const { name, role, email, password, hash, token } = person;
    if (token !== undefined) {
      const expires = date + LINK_SECONDS;
      steps.push(
        invitationStep(db, { classroom, token, role, creator: actor.id, name, date, expires, uses_max: 1 }),
      );
    }
    if (password === undefined || hash === undefined || email === undefined) continue;
    const at = new Date(date * 1000).toISOString();
    steps.push(...newUserSteps(db, { name, email, hash, at }));
    steps.push(memberByEmailStep(db, { classroom, email, role, date }));
  }
  steps.push(
    auditStep(db, {
      date,
      actor,
      address: actor.address,
      action: 'member.add_list',
      class: classroom,
      detail: {
        links,
        accounts: added.filter(({ password }) => password !== undefined).length,
      },
    }),
  );
  await chat.store.atomically(steps);
  tellClass(chat, classroom);
  return added.map(({ hash: _hash, ...person }) => person);
}

/** @throws limit_reached */
async function requireRoom({ store, now }: Chat, classroom: number, links: number): Promise<void> {
  const most = LIMITS.personalInvitationsPerClass;
  if (links > 0 && (await countUsable(store, classroom, now(), 'personal')) + links > most)
    throw new PokersError('limit_reached', `at most ${most} invitations of a class for one person each`);
}

/** @throws forbidden */
async function requireAccountMaker({ store: { db } }: Chat, actor: Actor): Promise<void> {
  const isOne = await accountMaker(db, actor).executeTakeFirst();
  if (!isOne) throw new PokersError('forbidden', PASSWORDS_BY);
}

const PASSWORDS_BY = 'first passwords are given by the head of the server: give links';

interface Added extends ListedPerson {
  readonly token?: string;
  readonly password?: string;
  readonly hash?: string;
}

function withLink(person: ListedPerson): Added {
  return { ...person, token: invitationToken() };
}

/** One hash at a time, so that those who sign in meanwhile are not held up. */
async function withPasswords(
  { store }: Chat,
  people: readonly ListedPerson[],
  passwords: Passwords,
): Promise<Added[]> {
  if (people.length > LIMITS.listedPasswords)
    throw new PokersError(
      'limit_reached',
      `at most ${LIMITS.listedPasswords} people with passwords at once: split the list`,
    );
  const nameless = people.find(({ email }) => email === undefined);
  if (nameless) throw new PokersError('list_invalid', `line ${nameless.line}: email_missing`);
  const known = await knownEmails(
    store,
    people.flatMap(({ email }) => (email === undefined ? [] : [email])),
  );
  const added: Added[] = [];
  for (const person of people) {
    if (person.email === undefined || known.has(person.email)) {
      added.push(withLink(person));
      continue;
    }
    const password = firstPassword();
    added.push({ ...person, password, hash: await passwords.hash(password) });
  }
  return added;
}
