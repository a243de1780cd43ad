import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  verify as verifySignature,
} from 'node:crypto';

/** What a browser shows, and what its push service saw of it. */
export interface Received {
  readonly notice: { title: string; body: string; tag: string; path: string };
  readonly topic: string | null;
  readonly urgency: string | null;
  readonly ttl: number;
  /** Bytes of the encrypted body. */
  readonly size: number;
}

/**
 * A push service on this machine and a browser that subscribed to it, in one. It takes what is encrypted for it (RFC
 * 8291) and signed by the server that it subscribed with (RFC 8292), and nothing else.
 */
export class PushEndpoint {
  readonly #pair = createECDH('prime256v1');
  readonly #auth = randomBytes(16);
  readonly #server: ReturnType<typeof Bun.serve>;
  readonly #serverKey: string;
  readonly received: Received[] = [];
  /** Why a request was not as it must be. */
  readonly faults: string[] = [];
  /** What the service answers, one after the other, before it takes anything. */
  answers: { status: number; headers?: Record<string, string> }[] = [];
  requests = 0;

  /** @param serverKey the public key that `GET /api/me/notifications` answers */
  constructor(serverKey: string) {
    this.#serverKey = serverKey;
    this.#pair.generateKeys();
    this.#server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: (request) => this.#take(request) });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.port}/push/${this.#server.port}`;
  }

  /** As a browser's `PushSubscription` says it. */
  get keys(): { p256dh: string; auth: string } {
    return { p256dh: this.#pair.getPublicKey('base64url'), auth: this.#auth.toString('base64url') };
  }

  /** When so many have come. Fails after 20 s. */
  async got(count: number): Promise<Received[]> {
    for (const deadline = Date.now() + 20_000; this.received.length < count; ) {
      if (Date.now() > deadline)
        throw new Error(
          `only ${this.received.length} of ${count} notifications came; faults: ${this.faults}`,
        );
      await Bun.sleep(20);
    }
    return this.received;
  }

  async bodies(count: number): Promise<string[]> {
    return (await this.got(count)).map(({ notice }) => notice.body);
  }

  close(): Promise<void> {
    return this.#server.stop(true);
  }

  async #take(request: Request): Promise<Response> {
    this.requests++;
    const answer = this.answers.shift();
    if (answer) return new Response(null, answer);
    const body = Buffer.from(await request.arrayBuffer());
    try {
      this.#checkSender(request.headers.get('authorization') ?? '');
      this.received.push({
        notice: JSON.parse(this.#decrypt(body)),
        topic: request.headers.get('topic'),
        urgency: request.headers.get('urgency'),
        ttl: Number(request.headers.get('ttl')),
        size: body.length,
      });
      return new Response(null, { status: 201 });
    } catch (error) {
      this.faults.push(String(error));
      return new Response(null, { status: 400 });
    }
  }

  /** RFC 8292: a JWT for this service, signed with the key that the browser subscribed with. */
  #checkSender(authorization: string): void {
    const [, token = '', key = ''] = /^vapid t=([^,]+), ?k=(.+)$/.exec(authorization) ?? [];
    if (key !== this.#serverKey) throw new Error(`the key is another: ${authorization}`);
    const [head = '', claims = '', signature = ''] = token.split('.');
    const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString());
    const { aud, exp, sub } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const point = Buffer.from(key, 'base64url');
    const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
    const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
    const isSigned = verifySignature(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    const hours = (exp - Date.now() / 1000) / 3600;
    if (alg !== 'ES256' || !isSigned) throw new Error('the signature is wrong');
    if (aud !== new URL(this.url).origin) throw new Error(`it is for ${aud}`);
    if (!(hours > 0 && hours <= 24)) throw new Error(`it is good for ${hours} hours`);
    if (!/^(mailto:|https:)/.test(sub)) throw new Error(`nobody stands behind it: ${sub}`);
  }

  /** RFC 8188 and 8291, for one record. */
  #decrypt(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const idLength = body.readUInt8(20);
    const sender = body.subarray(21, 21 + idLength);
    const sealed = body.subarray(21 + idLength);
    const shared = this.#pair.computeSecret(sender);
    const about = Buffer.concat([Buffer.from('WebPush: info\0'), this.#pair.getPublicKey(), sender]);
    const secret = derive(shared, this.#auth, about, 32);
    const key = derive(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
    const nonce = derive(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
    const decipher = createDecipheriv('aes-128-gcm', key, nonce);
    decipher.setAuthTag(sealed.subarray(-16));
    const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    return padded.subarray(0, padded.lastIndexOf(2)).toString();
  }
}

function derive(key: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, bytes));
}
