import * as openid from 'openid-client';

export interface OidcOptions {
  /** Where `/.well-known/openid-configuration` is found. */
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined for a public client. */
  readonly clientSecret?: string;
  /** What the sign-in service is called on the button. */
  readonly name: string;
}

/** What is remembered between going to the sign-in service and coming back; in the browser, signed. */
export interface OidcTrip {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The token of an invitation, for who has no account yet. */
  readonly invitation?: string | undefined;
}

/** Whom the sign-in service has let in. */
export interface OidcPerson {
  /** Its name for them, which never changes; with the issuer, since another's could be the same. */
  readonly key: string;
  readonly email: string | undefined;
  readonly isEmailVerified: boolean;
  readonly names: readonly string[];
}

/** Longest that the sign-in service may take for an answer, in seconds. */
const PATIENCE_SECONDS = 10;

/** The sign-in service refused: the person said no there, or may not come in. */
export class OidcDenied extends Error {}

/** The client of an OpenID Connect provider: authorization code flow with PKCE, state, nonce, and signatures checked. */
export class Oidc {
  readonly #options: OidcOptions;
  #configuration: Promise<openid.Configuration> | undefined;

  constructor(options: OidcOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** Where to send the browser, and what to remember until it is back. @param callback where it comes back to */
  async start(callback: string): Promise<{ to: URL; trip: OidcTrip }> {
    const configuration = await this.#discover();
    const trip = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    };
    const to = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: callback,
      scope: 'openid profile email',
      state: trip.state,
      nonce: trip.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(trip.verifier),
      code_challenge_method: 'S256',
    });
    return { to, trip };
  }

  /**
   * Who came back.
   * @param url that the browser came back to, with its query
   * @throws OidcDenied; another Error where the answer cannot be trusted, or the service does not answer
   */
  async finish(url: URL, trip: OidcTrip): Promise<OidcPerson> {
    const configuration = await this.#discover();
    const tokens = await openid
      .authorizationCodeGrant(configuration, url, {
        expectedState: trip.state,
        expectedNonce: trip.nonce,
        pkceCodeVerifier: trip.verifier,
        idTokenExpected: true,
      })
      .catch((cause: unknown) => {
        throw cause instanceof openid.AuthorizationResponseError
          ? new OidcDenied(cause.error, { cause })
          : cause;
      });
    const claims = tokens.claims();
    if (!claims) throw new Error('the sign-in service sent no ID token');
    // Some services tell the e-mail there alone. The library makes sure that it is about the same person.
    const more = configuration.serverMetadata().userinfo_endpoint
      ? await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub)
      : {};
    const all: Record<string, unknown> = { ...more, ...claims };
    return {
      key: `${claims.iss} ${claims.sub}`,
      email: textOf(all.email),
      isEmailVerified: all.email_verified === true,
      names: [all.name, all.nickname, all.preferred_username].flatMap((each) => textOf(each) ?? []),
    };
  }

  /** Once; again where it failed. */
  #discover(): Promise<openid.Configuration> {
    this.#configuration ??= discover(this.#options).catch((cause: unknown) => {
      this.#configuration = undefined;
      throw new Error(`the sign-in service ${this.#options.issuer} could not be asked`, { cause });
    });
    return this.#configuration;
  }
}

async function discover({ issuer, clientId, clientSecret }: OidcOptions): Promise<openid.Configuration> {
  const url = new URL(issuer);
  const extensions = [openid.enableNonRepudiationChecks];
  if (url.protocol === 'http:') extensions.push(openid.allowInsecureRequests);
  return openid.discovery(url, clientId, clientSecret, clientSecret ? undefined : openid.None(), {
    execute: extensions,
    timeout: PATIENCE_SECONDS,
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
