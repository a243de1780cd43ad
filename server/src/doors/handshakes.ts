import { dlopen, ptr } from 'bun:ffi';
import { readdirSync, statSync } from 'node:fs';
import type { InFlight } from './http/in-flight.ts';

/** Seconds that a client has from connecting to the end of its request's headers; with `ROUND` it is below 10. */
const HANDSHAKE_SECONDS = 6;

/** Sweeps, one a second, in which every open file is looked at once. */
const ROUND = 3;

/** Linux: the numbers of its interface, and where its `tcp_info` has what we ask for (stable since 4.6). */
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
const SHUT_RDWR = 2;
const ESTABLISHED = 1;
const TCP_INFO_BYTES = 160;
/** Room for an address of IPv4 or IPv6; both have the port at 2, most significant byte first. */
const ADDRESS_BYTES = 28;
const PORT_AT = 2;
const AT = { state: 0, lastDataSentMs: 44, dataSegmentsOut: 156 };

const FILES = '/proc/self/fd';

/**
 * Cuts connections that were made and then brought no whole request: silent ones, and headers that trickle in. Bun
 * does this too, but only after 8 to 12 s (its clock ticks every 4 s), and there is no setting for it.
 *
 * The kernel knows them: connections on which this process has never sent anything, for longer than anyone takes to
 * ask. Those of them whose request is here and waits for its answer are left alone (a body that trickles in is cut by
 * Bun). No socket can become another between the question and the cut: they are opened and closed on this thread.
 */
export class Handshakes {
  readonly #libc: Libc;
  readonly #inFlight: InFlight;
  readonly #address = new DataView(new ArrayBuffer(ADDRESS_BYTES));
  readonly #info = new DataView(new ArrayBuffer(TCP_INFO_BYTES));
  readonly #length = new Uint32Array(1);
  #sweeps = 0;
  #mostFiles = 0;
  #cut = 0;

  private constructor(libc: Libc, inFlight: InFlight) {
    this.#libc = libc;
    this.#inFlight = inFlight;
  }

  /** Undefined where the system is not Linux with glibc: there Bun's own 12 s hold. */
  static start(inFlight: InFlight): Handshakes | undefined {
    if (process.platform !== 'linux') return undefined;
    try {
      return new Handshakes(libc(), inFlight);
    } catch {
      return undefined;
    }
  }

  /** Connections cut so far. */
  get cut(): number {
    return this.#cut;
  }

  /** To be called every second. Costs a microsecond for each open file that is looked at, a third of them all. */
  sweep(): void {
    // The kernel gives out the lowest free number, so none is above the most that were ever open.
    this.#mostFiles = Math.max(this.#mostFiles, openFiles());
    for (let file = this.#sweeps++ % ROUND; file <= this.#mostFiles + ROUND; file += ROUND) {
      if (!this.#isUnanswered(file) || this.#inFlight.hasPort(this.#portOf(file))) continue;
      this.#libc.shutdown(file, SHUT_RDWR); // Bun sees the end of the line, and closes it as any other
      this.#cut++;
    }
  }

  #isUnanswered(file: number): boolean {
    this.#length[0] = TCP_INFO_BYTES;
    const info = this.#info;
    if (this.#libc.getsockopt(file, IPPROTO_TCP, TCP_INFO, ptr(info), ptr(this.#length)) !== 0) return false;
    return (
      this.#length[0] === TCP_INFO_BYTES &&
      info.getUint8(AT.state) === ESTABLISHED &&
      info.getUint32(AT.dataSegmentsOut, true) === 0 &&
      info.getUint32(AT.lastDataSentMs, true) > HANDSHAKE_SECONDS * 1000
    );
  }

  /** The client's port; 0 where the connection is gone. */
  #portOf(file: number): number {
    this.#length[0] = ADDRESS_BYTES;
    const failed = this.#libc.getpeername(file, ptr(this.#address), ptr(this.#length)) !== 0;
    return failed ? 0 : this.#address.getUint16(PORT_AT);
  }
}

type Libc = ReturnType<typeof libc>;

function libc() {
  return dlopen('libc.so.6', {
    getsockopt: { args: ['i32', 'i32', 'i32', 'ptr', 'ptr'], returns: 'i32' },
    getpeername: { args: ['i32', 'ptr', 'ptr'], returns: 'i32' },
    shutdown: { args: ['i32', 'i32'], returns: 'i32' },
  }).symbols;
}

/** How many files this process has open; the folder's size says so since Linux 6.2. */
function openFiles(): number {
  return statSync(FILES).size || readdirSync(FILES).length;
}
