import { createTransport, type Transporter } from 'nodemailer';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface OutgoingOptions {
  /** `smtp://user:password@host:587` or `smtps://…`: the latter by TLS from the start, the former where it is offered. */
  readonly smtp: string;
  readonly from: string;
  readonly onError: (error: unknown) => void;
}

/** Mails that wait for their turn; further ones are not sent, and an error says so. */
const WAITING_MAX = 200;

/** Longest that a mail server may take for each of its steps, in ms. */
const PATIENCE_MS = 20_000;

/** Sends mails one after the other, while nobody waits for them. One that fails is given up: people ask again. */
export class Outgoing {
  readonly #transport: Transporter;
  readonly #options: OutgoingOptions;
  readonly #waiting: Mail[] = [];
  #isSending = false;

  constructor(options: OutgoingOptions) {
    this.#options = options;
    this.#transport = createTransport({
      url: options.smtp,
      connectionTimeout: PATIENCE_MS,
      greetingTimeout: PATIENCE_MS,
      socketTimeout: PATIENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  send(mail: Mail): void {
    if (this.#waiting.length >= WAITING_MAX) {
      return this.#options.onError(new Error(`a mail was not sent: ${WAITING_MAX} wait already`));
    }
    this.#waiting.push(mail);
    if (!this.#isSending) void this.#sendAll();
  }

  close(): void {
    this.#waiting.length = 0;
    this.#transport.close();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    const { from, onError } = this.#options;
    for (let mail = this.#waiting.shift(); mail; mail = this.#waiting.shift()) {
      // An address as an object is taken as it is; as a text it would be read as a list of addresses.
      const to = { name: '', address: mail.to };
      await this.#transport.sendMail({ ...mail, from, to }).catch((cause: unknown) => {
        onError(new Error('a mail could not be sent', { cause }));
      });
    }
    this.#isSending = false;
  }
}
