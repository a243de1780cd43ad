import { InvalidArgumentError } from 'commander';

/** The URL of a PostgreSQL database. What is wrong with it is said when it is opened: the driver need not be loaded. @throws InvalidArgumentError */
export function databaseUrl(text: string): string {
  if (URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It must be postgres://USER:PASSWORD@HOST:PORT/NAME.');
}
