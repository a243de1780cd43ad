import { readFileSync } from 'node:fs';
import { deadOwners, NAME, tell } from './system.ts';

/** The rented server's link, in each direction. */
export const LINK = {
  rate: '1mbit',
  bytesPerSecond: 125_000,
  /** What may pass at once: two full packets and some. More would let bursts pass faster than the link is. */
  burst: '4kb',
  /** What would have to wait longer is dropped, as a provider's router does: the queue has room for 54 KB. */
  latency: '400ms',
  /** The figures shall not depend on this machine's setting, and this one every namespace may have. */
  congestionControl: 'reno',
} as const;

const CONGESTION_CONTROL = '/proc/sys/net/ipv4/tcp_congestion_control';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';

/** The server's card, and the router's two. */
const CARD = 'card';
const INNER = 'inner';
const OUTER = 'outer';

/** Bytes on the link so far, headers included, as the server sees it. What is lost on the way is not in `sent`. */
export interface Traffic {
  readonly sent: number;
  readonly received: number;
}

/**
 * A network namespace for the server, and its link to the clients, who are outside. There is no other way in or out.
 *
 * Between them stands a router, a namespace of its own, where the link is narrow in both directions: what its queue does
 * not take is lost there. Were it narrow at the server's own card, the server's kernel would see each loss at once, and
 * send again what no real link would have told it of.
 */
export class Network {
  /** The server's address. */
  readonly host: string;
  readonly #gateway: string;
  readonly #inner: string;
  readonly #outer: string;
  readonly #server: string;
  readonly #router: string;
  readonly #card: string;

  /** @param owner id of the process that it belongs to, which gives it names and addresses that no other has */
  constructor(owner: number) {
    const net = `198.18.${(owner >> 5) & 255}`; // 198.18.0.0/15 is set apart for measurements (RFC 2544)
    const first = (owner & 31) * 8;
    this.#outer = `${net}.${first + 1}`;
    this.#gateway = `${net}.${first + 2}`;
    this.#inner = `${net}.${first + 5}`;
    this.host = `${net}.${first + 6}`;
    this.#server = NAME + owner;
    this.#router = `${NAME}${owner}-router`;
    this.#card = `pkbox${owner}`;
  }

  /** Removes what runs left behind that were ended by force. */
  static removeLeftovers(): void {
    for (const owner of new Set(deadOwners(tell('ip', 'netns', 'list')))) new Network(owner).close();
  }

  /** @throws Error that says what the system cannot do */
  open(): void {
    const [server, router, card] = [this.#server, this.#router, this.#card];
    tell('ip', 'netns', 'add', server);
    tell('ip', 'netns', 'add', router);
    tell('ip', 'netns', 'exec', server, 'sh', '-c', `echo ${LINK.congestionControl} > ${CONGESTION_CONTROL}`);
    tell('ip', 'netns', 'exec', router, 'sh', '-c', `echo 1 > ${FORWARDING}`);
    tell('ip', 'link', 'add', card, 'type', 'veth', 'peer', 'name', OUTER, 'netns', router);
    tell('ip', '-n', server, 'link', 'add', CARD, 'type', 'veth', 'peer', 'name', INNER, 'netns', router);
    bringUp([], card, this.#outer);
    bringUp(['-n', router], OUTER, this.#gateway);
    bringUp(['-n', router], INNER, this.#inner);
    bringUp(['-n', server], CARD, this.host);
    tell('ip', 'route', 'add', this.host, 'via', this.#gateway);
    tell('ip', '-n', server, 'route', 'add', 'default', 'via', this.#inner);
    const { rate, burst, latency } = LINK;
    for (const name of [OUTER, INNER]) {
      const shape = ['tbf', 'rate', rate, 'burst', burst, 'latency', latency];
      tell('tc', '-n', router, 'qdisc', 'add', 'dev', name, 'root', ...shape);
    }
  }

  /** The cards and routes go with the namespaces. @throws Error when the system refuses */
  close(): void {
    const present = tell('ip', 'netns', 'list').split(/\s/);
    for (const name of [this.#server, this.#router])
      if (present.includes(name)) tell('ip', 'netns', 'delete', name);
  }

  /** The command, inside. Not by `ip netns exec`, which hides the control groups. */
  command(command: readonly string[]): string[] {
    return ['nsenter', `--net=/run/netns/${this.#server}`, ...command];
  }

  traffic(): Traffic {
    const bytes = (way: 'rx' | 'tx'): number =>
      Number(readFileSync(`/sys/class/net/${this.#card}/statistics/${way}_bytes`, 'utf8'));
    return { sent: bytes('rx'), received: bytes('tx') };
  }
}

function bringUp(where: readonly string[], card: string, address: string): void {
  tell('ip', ...where, 'addr', 'add', `${address}/30`, 'dev', card);
  // Packets of one piece, as on a wire: else several would pass, and be counted, as one with one set of headers.
  tell('ip', ...where, 'link', 'set', 'dev', card, 'up', 'gso_max_segs', '1');
}
