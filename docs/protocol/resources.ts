import {
  AccountView,
  AddedUserView,
  AddUserBody,
  AskedResetView,
  AskResetBody,
  ChangeAccountBody,
  ChangePasswordBody,
  ChangeSettingsBody,
  CodeBody,
  CreateTokenBody,
  NewTokenView,
  OpenSessionView,
  PasswordBody,
  RecoveryView,
  ResetBody,
  ResetLinkView,
  SecondFactorView,
  ServerUserView,
  SettingsView,
  SignInBody,
  SignInOptionsView,
  SignUpBody,
  TokenView,
} from '@pokers/protocol/accounts';
import {
  AddedView,
  AddMembersBody,
  AuditView,
  BanView,
  ChangeClassBody,
  ChangeMemberBody,
  ChangeThreadBody,
  ClassView,
  CreateClassBody,
  CreateInvitationBody,
  CreateThreadBody,
  DecideRequestBody,
  DeleteThreadBody,
  GiveHeadBody,
  HandOverBody,
  HeadlessClassView,
  InvitationView,
  JoinClassBody,
  MemberView,
  OfferView,
  PictureBody,
  PresenceView,
  PreviewListBody,
  PreviewView,
  RequestedView,
  RequestView,
  ThreadView,
} from '@pokers/protocol/classes';
import { BeginUploadBody, FilesView, FileView, LimitsView } from '@pokers/protocol/files';
import {
  EditMessageBody,
  ErrorView,
  MessagesView,
  MessageView,
  PinBody,
  PinsView,
  PostMessageBody,
  ReactBody,
  ReactorsView,
  ReadBody,
  ReadersView,
  ReadView,
  SessionView,
  StarsView,
  UnreadView,
  UserView,
} from '@pokers/protocol/http';
import { LIMITS } from '@pokers/protocol/limits';
import {
  ChangeNotificationsBody,
  LevelBody,
  NotificationsView,
  QuietHours,
  SubscribeBody,
} from '@pokers/protocol/notifications';
import { HitView, NamesView, SearchView } from '@pokers/protocol/search';
import type { z } from 'zod';
import { fieldTable, type Names } from './fields.ts';

interface Resource {
  readonly schema: z.ZodType;
  /** By field, where its schema has no description or one that does not fit. */
  readonly meanings: Readonly<Record<string, string>>;
}

const TITLE = `1 to ${LIMITS.titleChars} characters`;
const ON = 'true: put it there; false: take it off';
const NONCE = { nonce: 'made by the client, new for each change; sent again, it has no second effect' };

/** What the routes take and answer, by the names that the table of routes uses. */
export const RESOURCES = {
  SignUp: {
    schema: SignUpBody,
    meanings: { name: `1 to ${LIMITS.userNameChars} characters, in any script`, email: '', password: '' },
  },
  SignIn: { schema: SignInBody, meanings: { password: '' } },
  SignInOptions: { schema: SignInOptionsView, meanings: {} },
  AskReset: { schema: AskResetBody, meanings: { email: '' } },
  AskedReset: { schema: AskedResetView, meanings: {} },
  Reset: { schema: ResetBody, meanings: { password: 'the new one' } },
  ResetLink: { schema: ResetLinkView, meanings: { link: '', expires: 'when it runs out' } },
  Account: { schema: AccountView, meanings: { id: '', name: '', email: '' } },
  ChangeAccount: { schema: ChangeAccountBody, meanings: { password: 'yours' } },
  ChangePassword: { schema: ChangePasswordBody, meanings: { password: 'the new one' } },
  Password: { schema: PasswordBody, meanings: {} },
  Code: { schema: CodeBody, meanings: {} },
  SecondFactor: { schema: SecondFactorView, meanings: {} },
  Recovery: { schema: RecoveryView, meanings: {} },
  OpenSession: {
    schema: OpenSessionView,
    meanings: { id: '', created: 'when it was made', expires: 'when it runs out', user_agent: '' },
  },
  CreateToken: { schema: CreateTokenBody, meanings: { scopes: 'some of `read`, `write`, `manage`' } },
  Token: {
    schema: TokenView,
    meanings: { id: '', name: '', scopes: '', created: 'when it was made', expires: 'when it runs out' },
  },
  NewToken: {
    schema: NewTokenView,
    meanings: { id: '', name: '', scopes: '', created: 'when it was made', expires: 'when it runs out' },
  },
  Notifications: { schema: NotificationsView, meanings: {} },
  ChangeNotifications: { schema: ChangeNotificationsBody, meanings: {} },
  QuietHours: { schema: QuietHours, meanings: {} },
  NotifyLevel: { schema: LevelBody, meanings: {} },
  PushSubscription: { schema: SubscribeBody, meanings: {} },
  ServerUser: {
    schema: ServerUserView,
    meanings: { id: '', name: '', email: '', created: 'when', second_factor: '', has_password: '' },
  },
  AddUser: { schema: AddUserBody, meanings: { email: '' } },
  AddedUser: { schema: AddedUserView, meanings: { user: 'the account' } },
  Settings: { schema: SettingsView, meanings: {} },
  ChangeSettings: { schema: ChangeSettingsBody, meanings: { name: TITLE, sign_up: '', create_classes: '' } },
  CreateClass: { schema: CreateClassBody, meanings: { name: TITLE, description: '' } },
  JoinClass: {
    schema: JoinClassBody,
    meanings: { code: 'the class’s code; small letters, blanks and hyphens do not matter' },
  },
  ChangeClass: { schema: ChangeClassBody, meanings: { name: TITLE, description: '' } },
  GiveHead: { schema: GiveHeadBody, meanings: {} },
  HeadlessClass: { schema: HeadlessClassView, meanings: { id: '', name: '', members: '' } },
  HandOver: { schema: HandOverBody, meanings: {} },
  Picture: { schema: PictureBody, meanings: {} },
  Requested: { schema: RequestedView, meanings: { requested: 'the class: its id and name' } },
  ChangeMember: { schema: ChangeMemberBody, meanings: { role: '' } },
  DecideRequest: { schema: DecideRequestBody, meanings: { accept: '' } },
  CreateInvitation: { schema: CreateInvitationBody, meanings: { role: 'of who enters by it' } },
  List: { schema: PreviewListBody, meanings: { text: 'one person a line: name, e-mail, role; or a CSV' } },
  AddList: {
    schema: AddMembersBody,
    meanings: { text: 'one person a line: name, e-mail, role; or a CSV' },
  },
  CreateThread: { schema: CreateThreadBody, meanings: { name: TITLE } },
  ChangeThread: { schema: ChangeThreadBody, meanings: { name: TITLE } },
  DeleteThread: { schema: DeleteThreadBody, meanings: {} },
  PostMessage: { schema: PostMessageBody, meanings: {} },
  EditMessage: { schema: EditMessageBody, meanings: NONCE },
  Reaction: { schema: ReactBody, meanings: { on: ON, ...NONCE } },
  Pin: { schema: PinBody, meanings: { on: ON, ...NONCE } },
  Read: { schema: ReadBody, meanings: {} },
  User: { schema: UserView, meanings: { id: '', name: '', email: '' } },
  Session: { schema: SessionView, meanings: { user: 'who signed in' } },
  Class: {
    schema: ClassView,
    meanings: { id: '', name: '', description: '', members: 'how many' },
  },
  Presence: { schema: PresenceView, meanings: {} },
  Member: {
    schema: MemberView,
    meanings: { id: 'of the user', name: '', role: '', muted_until: 'where they are muted' },
  },
  Ban: { schema: BanView, meanings: { id: 'of the user', name: '', date: 'when' } },
  Request: { schema: RequestView, meanings: { name: '', date: 'when' } },
  Invitation: {
    schema: InvitationView,
    meanings: {
      id: '',
      role: 'of who enters by it',
      state: '',
      creator: 'id of the user',
      date: 'when it was made',
      expires: 'when it runs out; without: never',
      uses: 'how often it was used',
      uses_max: 'how often it can be; without: any number of times',
    },
  },
  Offer: { schema: OfferView, meanings: { class: 'its id, name, description and members', role: '' } },
  Preview: {
    schema: PreviewView,
    meanings: { people: 'who would be added', problems: 'what is wrong with which line' },
  },
  Added: {
    schema: AddedView,
    meanings: { people: 'each with the `token` of their link, or their first `password`' },
  },
  Audit: {
    schema: AuditView,
    meanings: { entries: 'the newest first', more: 'whether there are older ones' },
  },
  Thread: {
    schema: ThreadView,
    meanings: {
      id: '',
      class: 'id of its class',
      name: '',
      creator: 'id of the user',
      seq: 'its newest change',
    },
  },
  Message: {
    schema: MessageView,
    meanings: {
      id: '',
      thread: 'id of its thread',
      class: 'id of its class',
      speaker: 'id of the user',
      speaker_name: 'their name when it was posted',
      is_super: '1 when the speaker was a teacher or the head of the class',
      type: '',
      content: 'absent in a deleted message, and in a file without words',
      date: 'when it was posted',
      img_url: '',
      file_url: '',
      file_name: '',
      file_size: 'in bytes',
      edited: 'when',
      reactions: `\`emoji\`, \`count\` and \`users\`: at most ${LIMITS.reactorsNamed} of them, by id`,
    },
  },
  Messages: {
    schema: MessagesView,
    meanings: { messages: 'the page', more: 'whether there is another page' },
  },
  Reactors: {
    schema: ReactorsView,
    meanings: { reactions: 'each with its `emoji`, its `count` and its `users`: `id` and `name`' },
  },
  BeginUpload: { schema: BeginUploadBody, meanings: {} },
  File: {
    schema: FileView,
    meanings: { class: 'id of its class', name: '', size: 'in bytes', picture: 'where it is one' },
  },
  Files: { schema: FilesView, meanings: {} },
  Limits: { schema: LimitsView, meanings: {} },
  Unread: {
    schema: ReadView,
    meanings: { thread: 'id of the thread', unread: 'how many of its messages you have not read' },
  },
  UnreadThreads: {
    schema: UnreadView,
    meanings: {
      threads: '`class`, `thread`, `messages` (how many were posted), `unread` and `mentions` of each',
    },
  },
  Pins: { schema: PinsView, meanings: {} },
  Readers: { schema: ReadersView, meanings: { more: 'whether there is another page' } },
  Stars: {
    schema: StarsView,
    meanings: {
      stars:
        '`id`, `date`, `message`, `thread_name` and `class_name` of each; give the last id as `before` for the next page',
      more: 'whether there are older ones',
    },
  },
  Search: { schema: SearchView, meanings: {} },
  Hit: {
    schema: HitView,
    meanings: { message: '', class_name: 'the name of its class', thread_name: 'the name of its thread' },
  },
  Names: { schema: NamesView, meanings: {} },
  Error: { schema: ErrorView, meanings: {} },
} as const satisfies Record<string, Resource>;

export type ResourceName = keyof typeof RESOURCES;

const NAMES: Names = new Map(Object.entries(RESOURCES).map(([name, { schema }]) => [schema, name]));

export function resourceSections(): string {
  return Object.entries(RESOURCES)
    .map(([name, { schema, meanings }]) => {
      const others = new Map([...NAMES].filter(([other]) => other !== schema));
      return `### ${name}\n\n${fieldTable(schema, meanings, others)}`;
    })
    .join('\n\n');
}
