import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** What an ID token, and what comes around it, is made of; each part can be a lie. */
export interface Answer {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  /** By which the token is signed; a text: HMAC; undefined: not at all. */
  key: KeyObject | string | undefined;
  /** Spoils the token when it is made. */
  spoil: (token: string) => string;
  /** What the browser brings back beside the code. */
  query: Record<string, string>;
  userinfo: Record<string, unknown>;
  /** Of the token endpoint. */
  status: number;
  body: ((token: string) => string) | undefined;
}

/** A small OpenID Connect provider whose answers are what the test makes of them. */
export interface LyingService {
  readonly issuer: string;
  /** What is wrong with the next answers. */
  lie: (answer: Answer, other: KeyObject) => void;
  stop(): void;
}

export const LIAR = { clientId: 'pokers', secret: 'a secret that both know' };

export function startLyingService(): LyingService {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { privateKey: other } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const asked = { nonce: '', state: '', redirect: '' };
  const service = { issuer: '', lie: (() => {}) as LyingService['lie'], stop: () => void http.stop(true) };

  const answer = (): Answer => {
    const now = Math.floor(Date.now() / 1000);
    const honest: Answer = {
      header: { alg: 'RS256', kid: 'one' },
      claims: {
        iss: service.issuer,
        aud: LIAR.clientId,
        sub: 'ming',
        nonce: asked.nonce,
        iat: now,
        exp: now + 60,
        email: 'ming@school.example',
        email_verified: true,
      },
      key: privateKey,
      spoil: (token) => token,
      query: { state: asked.state, iss: service.issuer },
      userinfo: { sub: 'ming' },
      status: 200,
      body: undefined,
    };
    service.lie(honest, other);
    return honest;
  };

  const http = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request) {
      const url = new URL(request.url);
      const { issuer } = service;
      if (url.pathname === '/.well-known/openid-configuration') {
        return Response.json({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256', 'none', 'HS256'],
          authorization_response_iss_parameter_supported: true,
        });
      }
      if (url.pathname === '/jwks') {
        const key = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' };
        return Response.json({ keys: [key] });
      }
      if (url.pathname === '/authorize') {
        asked.nonce = url.searchParams.get('nonce') ?? '';
        asked.state = url.searchParams.get('state') ?? '';
        const back = new URL(url.searchParams.get('redirect_uri') ?? '');
        back.search = new URLSearchParams({ code: 'a-code', ...answer().query }).toString();
        return Response.redirect(back.href, 302);
      }
      if (url.pathname === '/userinfo') return Response.json(answer().userinfo);
      const { status, body, ...token } = answer();
      const signed = tokenOf(token);
      if (body) return new Response(body(signed), { status });
      return Response.json(
        { access_token: 'an-access-token', token_type: 'Bearer', id_token: signed },
        { status },
      );
    },
  });
  service.issuer = `http://127.0.0.1:${http.port}`;
  return service;
}

function tokenOf({
  header,
  claims,
  key,
  spoil,
}: Pick<Answer, 'header' | 'claims' | 'key' | 'spoil'>): string {
  const base64 = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const text = `${base64(header)}.${base64(claims)}`;
  if (key === undefined) return spoil(`${text}.`);
  const signature =
    typeof key === 'string'
      ? createHmac('sha256', key).update(text).digest()
      : createSign('RSA-SHA256').update(text).sign(key);
  return spoil(`${text}.${signature.toString('base64url')}`);
}
