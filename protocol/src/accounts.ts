/** The resources of accounts on the HTTP door. Times are Unix seconds; what has no value is left out. */
import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { idSchema, lineSchema } from './schemas.ts';

/**
 * What an API token may do. `read`: see what its owner sees. `write`: post, edit, delete, react, pin, mark as read.
 * `manage`: classes, members, invitations, threads.
 */
export const SCOPES = ['read', 'write', 'manage'] as const;
export type Scope = (typeof SCOPES)[number];

const name = lineSchema(LIMITS.userNameChars).describe('in any script');
const email = z.email().max(LIMITS.emailChars);
const newPassword = z
  .string()
  .min(LIMITS.passwordMinChars, `must be at least ${LIMITS.passwordMinChars} characters`)
  .max(LIMITS.passwordMaxChars, `must be at most ${LIMITS.passwordMaxChars} characters`);
const ownPassword = z.string().max(LIMITS.passwordMaxChars);
const code = z.string().max(64);
const linkToken = z.string().max(128);

export const SignUpBody = z.strictObject({
  name,
  email,
  password: newPassword,
  invitation: linkToken
    .optional()
    .describe('the token of an invitation, where the server asks for one (`sign_up` is `invited`)'),
});
export const SignInBody = z.strictObject({
  email: z.string().max(LIMITS.emailChars).describe('or the name, where nobody else has the same'),
  password: ownPassword,
  code: code
    .optional()
    .describe('of the authenticator app, or a recovery code: where `second_factor_required` was answered'),
});

const userFields = {
  id: idSchema,
  name: z.string(),
  email: z.string(),
  head: z.boolean().describe('whether this account heads the server'),
};

export const AccountView = z.object({
  ...userFields,
  second_factor: z.boolean().describe('whether signing in takes a code as well'),
  recovery_left: z
    .int()
    .optional()
    .describe('how many recovery codes are left, where there is a second factor'),
  has_password: z.boolean().describe('false where one signs in by the sign-in service alone'),
  may_create_classes: z.boolean().describe('false where the heads of the server alone make classes'),
  may_give_passwords: z.boolean().describe('whether you may add people to a class with first passwords'),
});
export type AccountView = z.infer<typeof AccountView>;

/** What one changes of oneself. */
export const ChangeAccountBody = z.strictObject({
  name: name.optional(),
  email: email.optional().describe('with `password`, where the account has one'),
  password: ownPassword.optional(),
});
export const ChangePasswordBody = z.strictObject({
  current: ownPassword.optional().describe('the password so far, where there is one'),
  password: newPassword,
});
/** What shows that it is oneself who asks. */
export const PasswordBody = z.strictObject({
  password: ownPassword.optional().describe('yours, where the account has one'),
});
export const CodeBody = z.strictObject({ code: code.describe('that the app shows') });

export const OpenSessionView = z.object({
  id: idSchema,
  created: z.int(),
  expires: z.int(),
  address: z.string().describe('from where it was made'),
  user_agent: z.string(),
  current: z.boolean().describe('whether it is the one that asks'),
});
export type OpenSessionView = z.infer<typeof OpenSessionView>;

export const SecondFactorView = z.object({
  uri: z.string().describe('for the app, as a QR code'),
  secret: z.string().describe('the same, to be typed'),
  recovery: z
    .array(z.string())
    .describe('codes for when the app is lost: each is good once, and shown only now'),
});
export type SecondFactorView = z.infer<typeof SecondFactorView>;
export const RecoveryView = SecondFactorView.pick({ recovery: true });
export type RecoveryView = z.infer<typeof RecoveryView>;

export const CreateTokenBody = z.strictObject({
  name: lineSchema(LIMITS.tokenNameChars).describe('for which program it is'),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
  expires: z
    .int()
    .positive()
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('when it runs out; without: never'),
});
export const TokenView = z.object({
  id: idSchema,
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  created: z.int(),
  expires: z.int().optional(),
  used: z.int().optional().describe('when it was last used, to the minute'),
});
export type TokenView = z.infer<typeof TokenView>;
export const NewTokenView = TokenView.extend({ token: z.string().describe('shown only now') });
export type NewTokenView = z.infer<typeof NewTokenView>;

export const AskResetBody = z.strictObject({ email: z.string().max(LIMITS.emailChars) });
export const AskedResetView = z.object({
  mail: z
    .boolean()
    .describe(
      'true: if there is such an account, a mail is on its way. false: ask the head of the server for a link',
    ),
});
export type AskedResetView = z.infer<typeof AskedResetView>;
export const ResetBody = z.strictObject({ token: linkToken.describe('of the link'), password: newPassword });
export const ResetLinkView = z.object({ link: z.string(), expires: z.int() });
export type ResetLinkView = z.infer<typeof ResetLinkView>;

export const ServerUserView = z.object({
  ...userFields,
  created: z.int(),
  disabled: z.int().optional().describe('since when the account is disabled'),
  second_factor: z.boolean(),
  has_password: z.boolean(),
});
export type ServerUserView = z.infer<typeof ServerUserView>;
export const AddUserBody = z.strictObject({ name, email });
export const AddedUserView = z.object({
  user: ServerUserView,
  password: z.string().describe('the first one; shown only now'),
});
export type AddedUserView = z.infer<typeof AddedUserView>;

export const SIGN_UP_MODES = ['open', 'invited', 'closed'] as const;
export type SignUpMode = (typeof SIGN_UP_MODES)[number];

export const SettingsView = z.object({
  name: z.string().describe('of the server'),
  sign_up: z
    .enum(SIGN_UP_MODES)
    .describe('who makes an account by themselves: all, who has an invitation, nobody'),
  create_classes: z.enum(['all', 'head']).describe('who makes classes: all, or the heads of the server'),
});
export type SettingsView = z.infer<typeof SettingsView>;
export const ChangeSettingsBody = z.strictObject({
  name: lineSchema(LIMITS.titleChars).optional(),
  sign_up: SettingsView.shape.sign_up.optional(),
  create_classes: SettingsView.shape.create_classes.optional(),
});

/** What a sign-in page has to know. */
export const SignInOptionsView = z.object({
  name: SettingsView.shape.name,
  sign_up: SettingsView.shape.sign_up,
  mail: z.boolean().describe('whether the server sends mails with reset links'),
  oidc: z
    .object({ name: z.string() })
    .optional()
    .describe('the sign-in service, where there is one: GET /api/oidc/start begins there'),
});
export type SignInOptionsView = z.infer<typeof SignInOptionsView>;
