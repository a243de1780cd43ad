import type { z } from 'zod';
import { PokersError } from '../errors.ts';

/** What a schema found wrong, as the error that goes to the client: the first few fields, each with its reason. */
export function invalidInput(error: z.core.$ZodError): PokersError {
  const { issues } = error;
  const isTooLong = issues.some((issue) => issue.code === 'custom' && issue.params?.tooLong === true);
  const detail = issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
  return new PokersError(isTooLong ? 'too_long' : 'bad_request', detail.join('; '));
}
