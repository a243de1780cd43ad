import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

/** A person as the sign-in service knows them. */
export interface ServicePerson {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

/** A real OpenID Connect provider on loopback. Whoever comes is signed in as `person`; undefined: they say no. */
export interface SignInService {
  readonly issuer: string;
  person: ServicePerson | undefined;
  stop(): void;
}

export const CLIENT = { id: 'pokers', secret: 'a secret of the client' };

/** @param callback where it may send browsers back to */
export async function startSignInService(callback: string): Promise<SignInService> {
  const http = createServer();
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, configurationFor(callback));
  const service: SignInService = {
    issuer,
    person: undefined,
    stop() {
      http.close();
      http.closeAllConnections();
    },
  };
  const handle = provider.callback();
  http.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return handle(request, response);
    const { person } = service;
    if (person) people.set(person.sub, person);
    const result = person
      ? { login: { accountId: person.sub } }
      : { error: 'access_denied', error_description: 'the person said no' };
    void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  return service;
}

const people = new Map<string, ServicePerson>();

function configurationFor(callback: string): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [callback],
        response_types: ['code'],
      },
    ],
    cookies: { keys: ['a key of the test'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
    async loadExistingGrant({ oidc }) {
      const { client, session, provider } = oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  };
}
