import type { OidcOptions } from '../accounts/oidc.ts';
import { UsageError } from '../errors.ts';

export interface OidcArguments {
  readonly oidcIssuer?: string;
  readonly oidcClientId?: string;
}

/**
 * The sign-in service of `--oidc-issuer` and `--oidc-client-id`. Its secret and its name come from the environment alone,
 * where other users of the machine cannot read them.
 * @throws UsageError
 */
export function signInService(
  { oidcIssuer, oidcClientId }: OidcArguments,
  env: Readonly<Record<string, string | undefined>>,
): OidcOptions | undefined {
  if (oidcIssuer === undefined && oidcClientId === undefined) return undefined;
  if (oidcIssuer === undefined || oidcClientId === undefined)
    throw new UsageError('--oidc-issuer and --oidc-client-id belong together: give both, or neither.');
  const issuer = URL.parse(oidcIssuer);
  if (!issuer || !/^https?:$/.test(issuer.protocol))
    throw new UsageError('--oidc-issuer must be an address such as https://login.example.org.');
  if (issuer.protocol === 'http:' && !LOOPBACK.test(issuer.hostname))
    throw new UsageError('--oidc-issuer must begin with https://, unless the service is on this machine.');
  const { POKERS_OIDC_CLIENT_SECRET: clientSecret, POKERS_OIDC_NAME: name } = env;
  return {
    issuer: oidcIssuer,
    clientId: oidcClientId,
    ...(clientSecret && { clientSecret }),
    name: name || issuer.hostname,
  };
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
