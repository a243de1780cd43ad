import type { Connection } from '../hub/connection.ts';

/** A way in for sockets: one for each dialect. */
export interface Door {
  opened(connection: Connection): void;
  /**
   * One frame, in the connection's turn; undefined for a binary one. Whatever is wrong with it is answered on the
   * connection; a rejection means a fault of ours.
   */
  received(connection: Connection, frame: string | undefined): Promise<void>;
}
