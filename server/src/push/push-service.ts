import { lookup as lookUp } from 'node:dns';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { RequestDetails } from 'web-push';
import { PokersError } from '../errors.ts';
import type { PushSubscription } from '../store/notifications.ts';

/** What is sent, and how. */
export interface Letter {
  /** Bytes of UTF-8, at most some 3,900. */
  readonly payload: string;
  /** What waits at the push service with the same topic is replaced. At most 32 characters of base64url. */
  readonly topic: string;
  readonly isUrgent: boolean;
}

/** `gone`: the browser gave the subscription up; `refused`: for good, as far as one can tell; `later`: try again. */
export type Outcome =
  | { readonly kind: 'sent' | 'gone' | 'refused'; readonly status: number }
  | { readonly kind: 'later'; readonly status: number; readonly afterMs?: number };

/** Both in base64url, as browsers and push services know them. */
export interface ServerKey {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** How long a push service keeps what a browser has not fetched, in seconds: who looks after a day sees it anyway. */
const TTL_SECONDS = 24 * 60 * 60;

/** Longest that a push service may take, in ms. */
const PATIENCE_MS = 10_000;

/** Longest that it may ask us to wait, in ms. */
const LATER_MAX_MS = 60 * 60 * 1000;

/**
 * Speaks to the push services of browsers (RFC 8030), encrypted (RFC 8291) and signed (RFC 8292). Their addresses come
 * from browsers, which is to say from anyone: only servers on the open internet are spoken to, by https on its own
 * port, and no redirect is followed.
 */
export class PushService {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });
  readonly #mayBeNear: boolean;

  /** @param mayBeNear for tests: push services may be on this machine, without TLS */
  constructor(mayBeNear: boolean) {
    this.#mayBeNear = mayBeNear;
  }

  /** @throws push_service_refused */
  check(endpoint: string): void {
    if (this.#mayBeNear) return;
    const { protocol, port, username, password, hostname } = new URL(endpoint);
    const address = hostname.replace(/^\[|\]$/g, '');
    const isOdd = protocol !== 'https:' || port !== '' || username !== '' || password !== '';
    if (isOdd || (ipaddr.isValid(address) && !isOpen(address))) {
      throw new PokersError('push_service_refused');
    }
  }

  /** Never rejects. */
  async send(subscription: PushSubscription, letter: Letter, key: ServerKey): Promise<Outcome> {
    let details: RequestDetails;
    try {
      this.check(subscription.endpoint);
      details = await seal(subscription, letter, key);
    } catch {
      return { kind: 'refused', status: 0 };
    }
    return this.#post(details).catch((error: unknown) => ({
      kind: error instanceof NotOpen ? 'refused' : 'later',
      status: 0,
    }));
  }

  close(): void {
    this.#agent.destroy();
  }

  #post({ endpoint, headers, body }: RequestDetails): Promise<Outcome> {
    const lookup = this.#mayBeNear ? undefined : lookUpOpen;
    const options = {
      method: 'POST',
      headers: headers as Record<string, string>,
      timeout: PATIENCE_MS,
      ...(lookup && { lookup }),
    };
    return new Promise((resolve, reject) => {
      const heard = (response: IncomingMessage): void => {
        response.resume();
        resolve(outcomeOf(response));
      };
      const request: ClientRequest = endpoint.startsWith('https:')
        ? httpsRequest(endpoint, { ...options, agent: this.#agent }, heard)
        : httpRequest(endpoint, options, heard);
      const timer = setTimeout(() => request.destroy(timeout()), PATIENCE_MS);
      request.on('error', reject);
      request.on('timeout', () => request.destroy(timeout()));
      request.on('close', () => clearTimeout(timer));
      request.end(body);
    });
  }
}

/**
 * The request that carries a letter. The library comes when the first one is sent: most servers have little memory.
 * @throws where the browser's key is none
 */
async function seal(
  { endpoint, p256dh, auth, origin }: PushSubscription,
  { payload, topic, isUrgent }: Letter,
  key: ServerKey,
): Promise<RequestDetails> {
  const { default: library } = await import('web-push');
  return library.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, payload, {
    vapidDetails: { subject: subjectOf(origin), ...key },
    TTL: TTL_SECONDS,
    contentEncoding: 'aes128gcm',
    topic,
    urgency: isUrgent ? 'high' : 'normal',
  });
}

/** Looks a name up once, and refuses where any of its addresses is not on the open internet. */
const lookUpOpen: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    const near = addresses.find(({ address }) => !isOpen(address));
    if (near) return callback(new NotOpen(hostname), []);
    if (options.all) return callback(null, addresses);
    callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
  });
};

/** A name leads to an address that is not on the open internet. */
class NotOpen extends Error {}

function isOpen(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast';
}

/** Whom the push service may turn to about what we send: it wants the address of a page or a mailbox. */
function subjectOf(origin: string): string {
  return origin.startsWith('https:') ? origin : 'mailto:nobody@localhost';
}

function outcomeOf({ statusCode: status = 0, headers }: IncomingMessage): Outcome {
  if (status >= 200 && status < 300) return { kind: 'sent', status };
  if (status === 404 || status === 410) return { kind: 'gone', status };
  if (status !== 429 && status < 500) return { kind: 'refused', status };
  const seconds = Number(headers['retry-after']);
  return {
    kind: 'later',
    status,
    ...(seconds > 0 && { afterMs: Math.min(seconds * 1000, LATER_MAX_MS) }),
  };
}

function timeout(): Error {
  return Object.assign(new Error('the push service took too long'), { code: 'ETIMEDOUT' });
}
