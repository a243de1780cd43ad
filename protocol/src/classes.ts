/** Classes, their members and ways in, as the HTTP door shows them. Times are Unix seconds; what has no value is left out. */
import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { ROLES, type Role } from './rights.ts';
import { atMost, idSchema as id, lineSchema } from './schemas.ts';

/** Who gets in by the class's code: whoever has it, whoever a teacher then lets in, or nobody. */
export const JOINING = ['open', 'approval', 'closed'] as const;
export type Joining = (typeof JOINING)[number];

/** Who may create threads: students too, or teachers and the head only. */
export const THREAD_MAKERS = ['students', 'teachers'] as const;
export type ThreadMakers = (typeof THREAD_MAKERS)[number];

const role = z.enum(ROLES);
const title = lineSchema(LIMITS.titleChars);
const description = z
  .string()
  .trim()
  .refine(...atMost(LIMITS.descriptionChars));
const joining = z.enum(JOINING).describe('who gets in by the code: all, those who are then let in, nobody');
const threadsBy = z.enum(THREAD_MAKERS).describe('who may create threads; teachers may in any case');

export const CreateClassBody = z.strictObject({ name: title, description: description.optional() });

/** Only what is given changes. */
export const ChangeClassBody = z.strictObject({
  name: title.optional(),
  description: description.optional(),
  joining: joining.optional(),
  threads_by: threadsBy.optional(),
  archived: z.boolean().optional().describe('an archived class can be read, and nothing in it changes'),
});

export const PictureBody = z.strictObject({
  base64: z.base64().describe('a PNG, JPEG or WebP file'),
});

export const JoinClassBody = z.strictObject({ code: z.string().trim().min(1).max(64) });

export const ClassView = z.object({
  id,
  name: z.string(),
  description: z.string(),
  role: role.describe('yours'),
  members: z.int(),
  code: z.string().optional().describe('whoever has it can join, or ask to; for the head and teachers'),
  joining,
  threads_by: threadsBy,
  picture: z.string().optional().describe('its address'),
  archived: z.int().optional().describe('since when'),
  muted_until: z.int().optional().describe('until when you are muted'),
  requests: z.int().optional().describe('how many ask to join; for the head and teachers'),
});
export type ClassView = z.infer<typeof ClassView>;

/** What `join` answers where a teacher has to let one in first. */
export const RequestedView = z.object({ requested: z.object({ class: id, name: z.string() }) });
export type RequestedView = z.infer<typeof RequestedView>;

export const MemberView = z.object({
  id,
  name: z.string(),
  role,
  muted_until: z.int().optional(),
  email: z.string().optional().describe('for the head and teachers'),
});
export type MemberView = z.infer<typeof MemberView>;

/** One thing at a time. */
export const ChangeMemberBody = z
  .strictObject({
    role: role.optional(),
    muted_for: z
      .int()
      .min(0)
      .max(LIMITS.muteDays * 86_400)
      .optional()
      .describe('seconds; 0 ends it'),
  })
  .refine(
    ({ role, muted_for }) => (role === undefined) !== (muted_for === undefined),
    'give role or muted_for',
  );

export const HandOverBody = z.strictObject({ user: id.describe('a member; you become a teacher') });

/** A class that nobody heads who could sign in. */
export const HeadlessClassView = z.object({
  id,
  name: z.string(),
  members: z.int(),
  archived: z.int().optional().describe('since when'),
});
export type HeadlessClassView = z.infer<typeof HeadlessClassView>;
export const GiveHeadBody = z.strictObject({ user: id.describe('anyone with an account, you too') });

export const BanView = z.object({ id, name: z.string(), date: z.int() });
export type BanView = z.infer<typeof BanView>;

export const RequestView = z.object({ id: id.describe('of the user'), name: z.string(), date: z.int() });
export type RequestView = z.infer<typeof RequestView>;
export const DecideRequestBody = z.strictObject({ accept: z.boolean() });

export const INVITED_ROLES = ['teacher', 'student', 'guest'] as const satisfies readonly Role[];

export const CreateInvitationBody = z.strictObject({
  role: z.enum(INVITED_ROLES).default('student'),
  days: z.int().min(1).max(LIMITS.invitationDays).optional().describe('until it runs out; without: never'),
  uses: z
    .int()
    .min(1)
    .max(LIMITS.invitationUses)
    .optional()
    .describe('how many can use it; without: any number'),
});

export const INVITATION_STATES = ['good', 'expired', 'used_up', 'revoked'] as const;

export const InvitationView = z.object({
  id,
  token: z.string().describe('the end of its link: …/i/TOKEN'),
  role,
  state: z.enum(INVITATION_STATES),
  name: z.string().optional().describe('whom it is for, where it is for one person'),
  creator: id,
  date: z.int(),
  expires: z.int().optional(),
  uses: z.int(),
  uses_max: z.int().optional(),
});
export type InvitationView = z.infer<typeof InvitationView>;

/** What somebody who has a link sees before they are in. */
export const OfferView = z.object({
  class: z.object({ id, name: z.string(), description: z.string(), members: z.int() }),
  role,
  name: z.string().optional().describe('whom it is for'),
});
export type OfferView = z.infer<typeof OfferView>;

export const LISTED_ROLES = INVITED_ROLES;

/** The text of a list: one person a line, or a CSV with or without a heading. */
export const PreviewListBody = z.strictObject({
  text: z.string().max(LIMITS.listBytes),
  role: z.enum(LISTED_ROLES).default('student').describe('of those whose line names none'),
});

export const LINE_PROBLEMS = [
  'name_missing',
  'name_invalid',
  'email_invalid',
  'role_unknown',
  'role_forbidden',
  'doubled',
  'too_many_fields',
  'encoding',
  'quote_open',
  'email_missing',
] as const;
export type LineProblem = (typeof LINE_PROBLEMS)[number];

export const ListedPerson = z.object({
  line: z.int().positive().describe('where it stands in the list, from 1'),
  name: z.string(),
  email: z.string().optional(),
  role,
});
export type ListedPerson = z.infer<typeof ListedPerson>;

export const PreviewView = z.object({
  people: z.array(ListedPerson),
  problems: z.array(
    z.object({
      line: z.int(),
      text: z.string().describe('the line, or how it begins'),
      problem: z.enum(LINE_PROBLEMS),
      earlier: z.int().optional().describe('the line that has the same e-mail'),
    }),
  ),
});
export type PreviewView = z.infer<typeof PreviewView>;

export const AddMembersBody = PreviewListBody.extend({
  give: z
    .enum(['links', 'passwords'])
    .describe(
      'links: an invitation for each, good for one use; passwords: an account for each new e-mail, with a first password: for the heads of the server, and for heads of classes where only the former make classes',
    ),
});

export const AddedView = z.object({
  people: z.array(
    ListedPerson.extend({
      token: z.string().optional().describe('of their own invitation: …/i/TOKEN'),
      password: z.string().optional().describe('their first one; shown only now'),
    }),
  ),
});
export type AddedView = z.infer<typeof AddedView>;

export const CreateThreadBody = z.strictObject({ name: title });

/** Only what is given changes. */
export const ChangeThreadBody = z.strictObject({
  name: title.optional(),
  pinned: z.boolean().optional().describe('pinned threads stand first'),
  read_only: z.boolean().optional().describe('only teachers post, for announcements'),
  archived: z.boolean().optional().describe('it can be read, and nothing is added'),
});

export const DeleteThreadBody = z.strictObject({
  confirm: z.string().describe('the thread’s name: what is deleted does not come back'),
});

export const PresenceView = z.object({
  here: z.array(id).describe(`members who are connected, at most ${LIMITS.hereNamed}`),
  count: z.int().describe('how many are'),
});
export type PresenceView = z.infer<typeof PresenceView>;

export const ThreadView = z.object({
  id,
  class: id,
  name: z.string(),
  creator: id.optional(),
  date: z.int().describe('when it was created'),
  seq: z.int(),
  messages: z.int().describe('how many were posted'),
  unread: z.int().describe('how many of them you have not read'),
  mentions: z.int().describe('how many of those mention you, or everyone'),
  read: id.optional().describe('the last message that you have read, where that is known'),
  last: z.int().optional().describe('when the last one was posted'),
  pinned: z.int().optional().describe('since when it stands first'),
  read_only: z.int().optional().describe('since when only teachers post'),
  archived: z.int().optional().describe('since when nothing is added'),
});
export type ThreadView = z.infer<typeof ThreadView>;

export const AuditView = z.object({
  entries: z.array(
    z.object({
      id,
      date: z.int(),
      actor: id.optional().describe('who did it; absent where nobody was signed in, or the command line did'),
      actor_name: z.string().optional(),
      address: z.string().optional().describe('from where; for the head of the server'),
      action: z.string(),
      user: id.optional().describe('to whom'),
      user_name: z.string().optional(),
      detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    }),
  ),
  more: z.boolean(),
});
export type AuditView = z.infer<typeof AuditView>;
