import { z } from '@hono/zod-openapi';
import { ErrorView } from '@pokers/protocol/http';

/** How the API's document writes down a JSON body. */
export const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });

/** A body that a route wants. */
export const wanted = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true as const,
  content: json(schema),
});

/** A body that a route answers. */
export const answered = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: json(schema),
});

/** What every route answers when it refuses. */
export const refused = { description: 'Refused; see the table of errors', content: json(ErrorView) };

/** `/…/{id}` in a path: a positive whole number, else `bad_request`. */
export const IdParam = z.object({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });

/** `?after=ID` or `?before=ID`: the next page of a list. */
const cursor = z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).optional();
export const PageQuery = z.object({ after: cursor.describe('the last id of the page before') });
export const BackwardQuery = z.object({ before: cursor.describe('the last id of the page before') });
