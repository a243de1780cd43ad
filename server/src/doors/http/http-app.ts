import type { OpenAPIHono } from '@hono/zod-openapi';
import type { UserView } from '@pokers/protocol/http';

/** What the routes find in their context; the address is the one that limits count. */
export interface Env {
  Bindings: { address: () => string };
  Variables: { user: UserView };
}

export type HttpApp = OpenAPIHono<Env>;
