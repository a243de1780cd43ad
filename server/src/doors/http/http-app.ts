import type { OpenAPIHono } from '@hono/zod-openapi';
import type { UserView } from '@pokers/protocol/http';
import type { Session } from '../../accounts/session-reader.ts';
import type { Actor } from '../../chat/access.ts';
import type { Readable } from '../../files/files.ts';
import type { Sender } from '../sender.ts';

/** What the routes find in their context. */
export interface Env {
  Bindings: {
    sender: Sender;
    /** The sender's, as limits count it. */
    address: () => string;
    /**
     * The request is about to wait, for so many seconds at most: its line is not cut meanwhile for being quiet, and it
     * does not take the place of one that is being answered.
     */
    setAside: (seconds: number) => void;
    /** These bytes, or the range of them that was asked for, are the body of the answer. */
    sendFile: (bytes: Readable) => void;
  };
  Variables: {
    session: Session;
    user: UserView;
    /** The same person as who gives commands. */
    actor: Actor;
  };
}

export type HttpApp = OpenAPIHono<Env>;
