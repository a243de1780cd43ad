import type { Kysely } from 'kysely';
import type { Config } from '../config.ts';
import type { SignIns } from '../limits/sign-ins.ts';
import { Outgoing } from '../mail/outgoing.ts';
import type { Records } from '../store/records.ts';
import type { Reads } from '../store/statement.ts';
import type { AccountParts } from './account-parts.ts';
import type { AccountStore } from './account-store.ts';
import { Accounts } from './accounts.ts';
import { ApiTokens } from './api-tokens.ts';
import { AuditLog } from './audit-log.ts';
import { Oidc } from './oidc.ts';
import { OidcSignIn } from './oidc-sign-in.ts';
import { OutsideChanges } from './outside-changes.ts';
import { OwnAccount } from './own-account.ts';
import { Passwords } from './password.ts';
import { ResetLinks } from './reset-links.ts';
import { SecondFactors } from './second-factors.ts';
import { ServerSettings } from './server-settings.ts';
import { ServerUsers } from './server-users.ts';

export interface AccountServicesOptions {
  readonly config: Pick<Config, 'oidc' | 'smtp' | 'url'>;
  readonly store: AccountStore;
  readonly records: Pick<Records, 'atomically' | 'db'>;
  readonly signIns: SignIns;
  /** Whose a session or token is. */
  readonly sessions: Reads;
  /** For the account library: its statements are durable when their promise resolves. */
  readonly db: Kysely<unknown>;
  /** What sessions are signed with. */
  readonly secret: string;
  readonly isInvitation: (token: string) => Promise<boolean>;
  readonly onSessionsEnded: (user: number) => void;
  /** Sessions may have been ended by the command line. */
  readonly onOutsideChange: () => void;
  readonly onLog: (level: 'warn' | 'error', message: string) => void;
  readonly onError: (error: unknown) => void;
  /** What others do wrong, such as the sign-in service or the mail server. */
  readonly onProblem: (error: unknown) => void;
}

export type AccountServices = ReturnType<typeof accountServices>;

/** All that deals with accounts, put together. */
export function accountServices(options: AccountServicesOptions) {
  const { config, store, records, signIns, secret, onError, onProblem } = options;
  const { oidc, smtp, url } = config;
  const parts: AccountParts = {
    store,
    passwords: new Passwords(),
    audit: new AuditLog(records, onError),
    onSessionsEnded: options.onSessionsEnded,
  };
  const settings = new ServerSettings(parts);
  const serverName = async (): Promise<string> => (await settings.read()).name;
  const secondFactors = new SecondFactors({
    ...parts,
    secret,
    tryCode: (user, isRight) => signIns.tryCode(user, isRight),
    issuer: serverName,
  });
  const accounts = new Accounts({ ...parts, ...options, secondFactors });
  const outgoing = smtp && new Outgoing({ smtp: smtp.url, from: smtp.from, onError: onProblem });
  return {
    ...parts,
    settings,
    accounts,
    secondFactors,
    own: new OwnAccount(parts),
    tokens: new ApiTokens(parts),
    users: new ServerUsers(parts),
    outside: new OutsideChanges(store, options.onOutsideChange),
    resetLinks: new ResetLinks({
      ...parts,
      mail: outgoing && url !== undefined ? { outgoing, url } : undefined,
      mayMail: (user) => signIns.mayMail(user),
      serverName,
      onError,
    }),
    oidc: oidc && new OidcSignIn({ ...parts, oidc: new Oidc(oidc), accounts, secret, onProblem }),
    close(): void {
      parts.audit.flush();
      outgoing?.close();
    },
  };
}
