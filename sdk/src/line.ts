import { CLOSES } from '@pokers/protocol/codes';
import type {
  Aside,
  Command,
  CommandName,
  ErrorReply,
  Event,
  Reply,
  Seen,
  ServerFrame,
  Starred,
  SUBPROTOCOL as WireSubprotocol,
} from '@pokers/protocol/v2';
import { DEFAULTS } from './defaults.ts';
import { isNetworkError, PokersError, toPokersError } from './errors.ts';
import { decodeFrame } from './frame.ts';
import { canInflate, inflate } from './inflate.ts';
import { Liveness } from './liveness.ts';
import { Quiet } from './quiet.ts';

/** Held by its type to the wire's own, whose file would bring zod along. */
const SUBPROTOCOL: typeof WireSubprotocol = 'pokers.v2';

/** The close code of a line that broke, or that the client gave up: come back with back-off. */
const BROKEN = 1006;

/** What a line tells its owner, each at its time: first the hello, then events, then once the end. */
export interface LineOwner {
  onHello(hello: Reply<'hello'>): void;
  onEvent(event: Event): void;
  /** The right to hear a thread has ended. */
  onLeft(thread: number, error: PokersError): void;
  onClass(id: number): void;
  /** What the user did on another connection. */
  onSeen(seen: Seen): void;
  onStarred(starred: Starred): void;
  onAside(aside: Aside): void;
  /** Called once, also for a line that never came to be; not called after hangUp(). */
  onEnd(code: number, reason: string): void;
}

/** A command as its asker writes it. */
export type Question<N extends CommandName> = Omit<Command<N>, 'ref' | 'action'>;

interface Pending {
  readonly action: CommandName;
  readonly resolve: (reply: ServerFrame) => void;
  readonly reject: (error: PokersError) => void;
}

/**
 * One socket's life: dials, says hello, matches replies to commands, watches for silence. When it ends, whatever was
 * not answered fails with `network`; it does not come back, the next one is another Line.
 */
export class Line {
  readonly #socket: WebSocket;
  readonly #liveness: Liveness;
  /** Sent and not answered, by ref. */
  readonly #pending = new Map<number, Pending>();
  /** Not sent yet: so many are unanswered that the server would close the connection. */
  readonly #waiting: { readonly frame: string; readonly ref: number; readonly pending: Pending }[] = [];
  #nextRef = 1;
  /** Resolves when all frames that came are taken; undefined while none is being inflated. */
  #inflating: Promise<void> | undefined;
  #ended = false;

  constructor(
    Socket: typeof WebSocket,
    url: string,
    token: string | undefined,
    private readonly owner: LineOwner,
    quiet: Quiet = new Quiet(),
  ) {
    this.#liveness = new Liveness(
      () => this.#send('{"action":"ping"}'),
      () => this.drop('The server was silent.'),
      DEFAULTS,
      quiet,
    );
    this.#socket = new Socket(url, SUBPROTOCOL);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => this.#greet(token);
    this.#socket.onmessage = (message: MessageEvent) => this.#receive(message.data);
    this.#socket.onclose = (close: CloseEvent) => {
      if (close.code === BROKEN) this.#liveness.cut();
      this.#end(close.code, close.reason);
    };
  }

  /** Asks, and resolves with the reply. Rejects with a PokersError: the server's, `network`, or `too_many`. */
  ask<N extends CommandName>(action: N, question: Question<N>): Promise<Reply<N>> {
    if (this.#ended) return Promise.reject(PokersError.network('The line is broken.'));
    if (this.#waiting.length >= DEFAULTS.waitingCommands) return Promise.reject(PokersError.of('too_many'));
    return new Promise((resolve, reject) => {
      const ref = this.#nextRef++;
      const frame = JSON.stringify({ action, ref, ...question });
      // The reply's op is compared with the action before it is resolved.
      const pending = { action, resolve: (reply: ServerFrame) => resolve(reply as Reply<N>), reject };
      this.#waiting.push({ frame, ref, pending });
      this.#sendWaiting();
    });
  }

  /** Asks the server whether it is there, at once: for when the network is known to have changed. */
  probe(): void {
    this.#liveness.probe();
  }

  /** Asks it unless it has just been heard of: for when the line may have been lost unseen. */
  wake(): void {
    this.#liveness.wake();
  }

  /** Gives a line up that is no good. Its owner hears of it as of one that broke. */
  drop(reason: string): void {
    this.#end(BROKEN, reason);
  }

  /** Ends the line for the owner's own reasons, without telling it. */
  hangUp(): void {
    if (!this.#ended) this.#finish('The client was closed.');
  }

  async #greet(token: string | undefined): Promise<void> {
    try {
      const hello = await this.ask('hello', { ...(token !== undefined && { token }), lean: canInflate() });
      if (this.#ended) return;
      this.#liveness.greeted();
      this.owner.onHello(hello);
    } catch (error) {
      this.#refused(toPokersError(error));
    }
  }

  /** The hello failed: without a session there is no use in coming back, for all else there is. */
  #refused(error: PokersError): void {
    if (isNetworkError(error)) return;
    const code = error.error === 'sign_in_required' ? CLOSES.sign_in_required.code : BROKEN;
    this.#end(code, error.message);
  }

  #sendWaiting(): void {
    while (this.#pending.size < DEFAULTS.unanswered) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#pending.set(next.ref, next.pending);
      this.#liveness.asked();
      this.#send(next.frame);
    }
  }

  #send(frame: string): void {
    try {
      this.#socket.send(frame);
    } catch (error) {
      this.drop(toPokersError(error).message);
    }
  }

  #receive(data: unknown): void {
    if (this.#ended) return;
    this.#liveness.heard();
    if (!this.#inflating && typeof data === 'string') return this.#take(data);
    const before = this.#inflating ?? Promise.resolve();
    const taken = before.then(() => this.#inflateAndTake(data));
    this.#inflating = taken;
    void taken.then(() => {
      if (this.#inflating === taken) this.#inflating = undefined;
    });
  }

  async #inflateAndTake(data: unknown): Promise<void> {
    if (this.#ended) return;
    try {
      this.#take(data instanceof ArrayBuffer ? await inflate(data) : data);
    } catch (error) {
      this.drop(toPokersError(error).message);
    }
  }

  /** Frames are taken in the order in which they came, deflated or not. */
  #take(data: unknown): void {
    if (this.#ended) return;
    try {
      const frame = decodeFrame(data);
      if (!frame) return;
      if (frame.op === 'ev') this.owner.onEvent(frame);
      else if (frame.op === 'left')
        this.owner.onLeft(frame.thread, new PokersError(frame.code, frame.error, frame.msg));
      else if (frame.op === 'class') this.owner.onClass(frame.class);
      else if (frame.op === 'seen') this.owner.onSeen(frame);
      else if (frame.op === 'starred') this.owner.onStarred(frame);
      else if (frame.op === 'news' || frame.op === 'typists' || frame.op === 'here')
        this.owner.onAside(frame);
      else this.#answer(frame);
    } catch (error) {
      this.drop(toPokersError(error).message);
    }
  }

  #answer(frame: Reply | ErrorReply): void {
    const pending = frame.ref === undefined ? undefined : this.#pending.get(frame.ref);
    // A pong has no ref. An error without one is the answer to nothing that was asked here.
    if (!pending || frame.ref === undefined) return;
    this.#pending.delete(frame.ref);
    if (frame.op === 'error') pending.reject(new PokersError(frame.code, frame.error, frame.msg));
    else if (frame.op === pending.action) pending.resolve(frame);
    else return this.#mismatched(frame.op, pending);
    this.#sendWaiting();
  }

  #mismatched(op: string, pending: Pending): void {
    pending.reject(PokersError.network('The line is broken.'));
    this.drop(`The server answered "${op}" to "${pending.action}".`);
  }

  #end(code: number, reason: string): void {
    if (this.#ended) return;
    this.#finish(reason || 'The line broke.');
    this.owner.onEnd(code, reason);
  }

  /**
   * Final. The socket is let go rather than waited for: the closing handshake with a peer that is gone takes minutes,
   * and nothing it still says is of use.
   */
  #finish(reason: string): void {
    this.#ended = true;
    this.#liveness.stop();
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    try {
      this.#socket.close();
    } catch {
      // It was closed already.
    }
    const unanswered = [...this.#pending.values(), ...this.#waiting.map((waiting) => waiting.pending)];
    this.#pending.clear();
    this.#waiting.length = 0;
    for (const pending of unanswered) pending.reject(PokersError.network(reason));
  }
}
