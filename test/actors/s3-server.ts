import { createHash, createHmac } from 'node:crypto';
import S3rver from 's3rver';
import { temporaryFolder } from './server-process.ts';

const BUCKET = 'class-files';
/** The id is the one that s3rver knows; it looks at no secret, which is why the door does. */
const KEYS = { id: 'S3RVER', secret: 'a/secret+of its own' };

/** An S3-compatible server, behind a door that lets nothing in whose signature (version 4) is not right. */
export interface S3Server {
  readonly url: string;
  /** As `--files` takes it, and what is in the environment with it. */
  readonly place: string;
  readonly env: Readonly<Record<string, string>>;
  /** How many requests were refused for their signatures. */
  readonly refused: () => number;
  /** From now on every request fails, as when the bucket is out of reach; or no more. */
  fail(on: boolean): void;
  stop(): Promise<void>;
}

export async function startS3Server(): Promise<S3Server> {
  const folder = temporaryFolder('s3');
  const behind = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: folder.path,
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  const { port } = await behind.run();
  let refused = 0;
  let fails = false;
  const door = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      if (fails) return new Response('out of reach', { status: 503 });
      if (!isSigned(request)) {
        refused++;
        const error = '<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>';
        return new Response(error, { status: 403, headers: { 'content-type': 'application/xml' } });
      }
      const { pathname, search } = new URL(request.url);
      const { method, headers } = request;
      const init: RequestInit = { method, headers, redirect: 'manual' };
      if (method === 'PUT' || method === 'POST') init.body = await request.bytes();
      return fetch(`http://127.0.0.1:${port}${pathname}${search}`, init);
    },
  });
  const url = `http://127.0.0.1:${door.port}`;
  return {
    url,
    place: `s3://${BUCKET}/school?endpoint=${encodeURIComponent(url)}&region=eu-test-1`,
    env: { AWS_ACCESS_KEY_ID: KEYS.id, AWS_SECRET_ACCESS_KEY: KEYS.secret },
    refused: () => refused,
    fail(on) {
      fails = on;
    },
    async stop() {
      await door.stop(true);
      await behind.close();
      folder.remove();
    },
  };
}

/** Works the signature out anew, as AWS says how (Signature Version 4), and compares. */
function isSigned(request: Request): boolean {
  const [, id, date, region, service, names, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/(\w+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.get('authorization') ?? '',
    ) ?? [];
  if (id !== KEYS.id || region !== 'eu-test-1' || service !== 's3' || !date || !names || !signature)
    return false;
  const { pathname, searchParams } = new URL(request.url);
  const query = [...searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const headers = names.split(';').map((name) => `${name}:${(request.headers.get(name) ?? '').trim()}\n`);
  const hash = request.headers.get('x-amz-content-sha256') ?? '';
  const canonical = [request.method, pathname, query, headers.join(''), names, hash].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const time = request.headers.get('x-amz-date') ?? '';
  const text = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    `AWS4${KEYS.secret}`,
  );
  return createHmac('sha256', key).update(text).digest('hex') === signature;
}
