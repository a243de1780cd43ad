import { LIMITS } from '@pokers/protocol/limits';

export interface Credentials {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export interface Problems {
  name?: 'missing';
  email?: 'invalid';
  password?: 'missing' | 'short';
}

/**
 * What can be told without asking the server. The e-mail is only looked at, not judged: the server knows better. An
 * existing password is not measured, because the rule may once have been another.
 */
export function checkCredentials({ name, email, password }: Credentials, isNew: boolean): Problems {
  const problems: Problems = {};
  if (isNew && name === '') problems.name = 'missing';
  // Who has an account signs in by name too.
  if (isNew ? !/^\S+@\S+$/.test(email) : email === '') problems.email = 'invalid';
  if (password === '') problems.password = 'missing';
  else if (isNew && password.length < LIMITS.passwordMinChars) problems.password = 'short';
  return problems;
}
