#!/usr/bin/env bun
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { busUrl } from './cli/bus-url.ts';
import { databaseUrl } from './cli/database-url.ts';
import { linkRate } from './cli/link-rate.ts';
import type { MigrateStoreOptions } from './cli/migrate-store.ts';
import { LOOPBACK, proxyRanges } from './cli/proxy-ranges.ts';
import { publicUrl } from './cli/public-url.ts';
import type { ServeOptions } from './cli/serve.ts';
import type { UserOptions } from './cli/user.ts';
import { workers } from './cli/workers.ts';
import { CLASSIC_MODES, DEFAULTS } from './config.ts';
import { StartError, UsageError } from './errors.ts';

/** Exit codes: 0 done, 1 it could not be done, 2 it was asked for wrongly. */
const FAILED = 1;
const USAGE = 2;

const dataOption = () =>
  new Option('--data <folder>', 'folder that holds everything durable')
    .env('POKERS_DATA')
    .default(DEFAULTS.data)
    .argParser(notEmpty);

const databaseOption = () =>
  new Option(
    '--database <url>',
    'keep it in PostgreSQL instead, which several servers can share: postgres://user:password@host:port/name',
  )
    .env('POKERS_DATABASE')
    .argParser(databaseUrl);

const filesOption = () =>
  new Option(
    '--files <place>',
    'where uploaded files are: a folder, or s3://bucket[/prefix][?endpoint=URL&region=NAME] (default: the folder files in the data folder)',
  )
    .env('POKERS_FILES')
    .argParser(notEmpty);

const program = new Command('pokers')
  .description('Group chat for classes and small teams, on the smallest server.')
  .version('0.1.0')
  .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
  .showSuggestionAfterError(false)
  .exitOverride();

program
  .command('serve', { isDefault: false })
  .description('run the server with its web client')
  .addOption(
    new Option('--port <number>', 'TCP port; 0 takes a free one')
      .env('POKERS_PORT')
      .default(DEFAULTS.port)
      .argParser(integer(0, 65_535)),
  )
  .addOption(
    new Option('--host <address>', 'address to listen on; 0.0.0.0 for all')
      .env('POKERS_HOST')
      .default(DEFAULTS.host)
      .argParser(notEmpty),
  )
  .addOption(
    new Option('--url <url>', 'where people find it, such as https://chat.example.org')
      .env('POKERS_URL')
      .argParser(publicUrl),
  )
  .addOption(
    new Option('--tls-cert <file>', 'speak HTTPS with this certificate and its chain, in PEM')
      .env('POKERS_TLS_CERT')
      .argParser(notEmpty),
  )
  .addOption(
    new Option('--tls-key <file>', 'the key of the certificate, in PEM')
      .env('POKERS_TLS_KEY')
      .argParser(notEmpty),
  )
  .addOption(
    new Option(
      '--trust-proxy [addresses]',
      'believe X-Forwarded-For and X-Forwarded-Proto from these addresses or ranges (10.0.0.0/8,::1)',
    )
      .env('POKERS_TRUST_PROXY')
      .preset(LOOPBACK)
      .argParser(proxyRanges),
  )
  .addOption(dataOption())
  .addOption(databaseOption())
  .addOption(filesOption())
  .addOption(
    new Option('--workers <number>', 'processes that share the port; auto: as many as there are cores')
      .env('POKERS_WORKERS')
      .default(DEFAULTS.workers)
      .argParser(workers),
  )
  .addOption(
    new Option(
      '--bus <url>',
      'carry events between several servers over Redis: redis://[user:password@]host[:port][/db], or rediss:// (default: this machine alone)',
    )
      .env('POKERS_BUS')
      .argParser(busUrl),
  )
  .addOption(
    new Option(
      '--classic <mode>',
      'old clients: must be signed in (session), are believed (open), or are refused (off)',
    )
      .env('POKERS_CLASSIC')
      .choices(CLASSIC_MODES)
      .default(DEFAULTS.classic),
  )
  .addOption(
    new Option(
      '--egress <rate>',
      'what the link carries, such as 1mbit: chat goes first, and large files take what it leaves (default: no limit)',
    )
      .env('POKERS_EGRESS')
      .argParser(linkRate),
  )
  .addOption(
    new Option('--smtp <url>', 'send mails with reset links by this server: smtp://user:password@host:587')
      .env('POKERS_SMTP')
      .argParser(notEmpty),
  )
  .addOption(
    new Option('--mail-from <address>', 'whom mails come from').env('POKERS_MAIL_FROM').argParser(notEmpty),
  )
  .addOption(
    new Option('--oidc-issuer <url>', 'let people sign in by this OpenID Connect service')
      .env('POKERS_OIDC_ISSUER')
      .argParser(notEmpty),
  )
  .addOption(
    new Option(
      '--oidc-client-id <id>',
      'what this server is called there (secret: POKERS_OIDC_CLIENT_SECRET)',
    )
      .env('POKERS_OIDC_CLIENT_ID')
      .argParser(notEmpty),
  )
  .addOption(
    new Option('--demo', 'add a demo class with members and some conversation')
      .env('POKERS_DEMO')
      .default(false),
  )
  .allowExcessArguments(false)
  .action(async (options: ServeOptions, command: Command) =>
    (await import('./cli/serve.ts')).serveCommand({ ...options, demo: isOn(command, 'demo') }),
  );

program
  .command('import-lazer')
  .description('bring in the JSON database of the original Pokers')
  .argument('<folder>', 'the folder with users.data.json and the others')
  .addOption(dataOption())
  .option('--json', 'print the summary as JSON', false)
  .allowExcessArguments(false)
  .action(async (folder: string, options: { data: string; json: boolean }) =>
    (await import('./cli/import-lazer.ts')).importLazerCommand(folder, options),
  );

program
  .command('backup')
  .description('write the whole database into one file, and its files beside it, also while the server runs')
  .argument('<file>', 'a new file')
  .addOption(dataOption())
  .addOption(filesOption())
  .option('--json', 'print what was done as JSON', false)
  .allowExcessArguments(false)
  .action(async (file: string, options: { data: string; files?: string; json: boolean }) =>
    (await import('./cli/backup.ts')).backupCommand(file, options),
  );

program
  .command('restore')
  .description('put a backup in the place of the database; the server must not run')
  .argument('<file>', 'a file that backup wrote')
  .addOption(dataOption())
  .addOption(filesOption())
  .option('--json', 'print what was done as JSON', false)
  .allowExcessArguments(false)
  .action(async (file: string, options: { data: string; files?: string; json: boolean }) =>
    (await import('./cli/backup.ts')).restoreCommand(file, options),
  );

program
  .command('migrate-store')
  .description('move everything between a data folder and PostgreSQL, and compare it; no server may run')
  .addOption(
    new Option('--from <place>', 'a data folder, or postgres://user:password@host:port/name')
      .makeOptionMandatory()
      .argParser(notEmpty),
  )
  .addOption(
    new Option('--to <place>', 'the other: a folder without a database, or an empty database')
      .makeOptionMandatory()
      .argParser(notEmpty),
  )
  .addOption(new Option('--json', 'print what was done as JSON').default(false))
  .action(async (options: MigrateStoreOptions) =>
    (await import('./cli/migrate-store.ts')).migrateStoreCommand(options),
  );

const user = program.command('user').description('the people of a server, also while it runs');
const jsonOption = () => new Option('--json', 'print what was done as JSON').default(false);

user
  .command('add')
  .description('make an account, with a password to begin with')
  .argument('<name>', 'as others see it')
  .argument('<email>', 'what they sign in with')
  .addOption(new Option('--head', 'who heads the server').default(false))
  .addOption(dataOption())
  .addOption(databaseOption())
  .addOption(jsonOption())
  .action(async (name: string, email: string, options: UserOptions & { head: boolean }) =>
    (await import('./cli/user.ts')).addUserCommand(name, email, options),
  );

user
  .command('list')
  .description('all people, or those whose name or e-mail contains a text')
  .argument('[text]')
  .addOption(dataOption())
  .addOption(databaseOption())
  .addOption(jsonOption())
  .action(async (text: string | undefined, options: UserOptions) =>
    (await import('./cli/user.ts')).listUsersCommand(text, options),
  );

user
  .command('reset')
  .description('make a link by which someone sets a new password')
  .argument('<who>', 'name or e-mail')
  .addOption(new Option('--url <url>', 'where people find the server').env('POKERS_URL').argParser(publicUrl))
  .addOption(dataOption())
  .addOption(databaseOption())
  .addOption(jsonOption())
  .action(async (who: string, options: UserOptions & { url?: string }) =>
    (await import('./cli/user.ts')).resetUserCommand(who, options),
  );

for (const [verb, description] of [
  ['disable', 'let someone sign in no more'],
  ['enable', 'let someone sign in again'],
  ['promote', 'make someone a head of the server'],
  ['demote', 'make a head an ordinary user'],
  ['end-second-factor', 'for who has lost the app and the recovery codes'],
] as const) {
  user
    .command(verb)
    .description(description)
    .argument('<who>', 'name or e-mail')
    .addOption(dataOption())
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (who: string, options: UserOptions) =>
      (await import('./cli/user.ts')).changeUserCommand(verb, who, options),
    );
}

for (const command of [...program.commands, ...user.commands]) {
  const name = command.parent === user ? `user ${command.name()}` : command.name();
  command.allowExcessArguments(false);
  command.configureOutput({ outputError: (text, write) => write(oneLine(text, name)) });
  command.showSuggestionAfterError(false).exitOverride();
}

// What a server keeps is its owner's alone: hashes, sessions, messages.
process.umask(0o077);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = failed(error);
  if (process.exitCode !== 0) process.exit();
}

function failed(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  if (error instanceof UsageError || error instanceof StartError) {
    process.stderr.write(`pokers: ${error.message}\n`);
    return error instanceof UsageError ? USAGE : FAILED;
  }
  throw error;
}

/** A switch that is given by its variable is on unless that says no. */
function isOn(command: Command, name: string): boolean {
  const isSaidByEnvironment = command.getOptionValueSource(name) === 'env';
  const value = process.env[`POKERS_${name.toUpperCase()}`] ?? '';
  return isSaidByEnvironment ? !/^(0|no|off|false|)$/i.test(value) : command.getOptionValue(name) === true;
}

function oneLine(text: string, command?: string): string {
  const what = text
    .replace(/^error: /, '')
    .trim()
    .replaceAll('\n', ' ');
  return `pokers: ${what}${/[.!?]$/.test(what) ? '' : '.'} See pokers ${command ? `${command} ` : ''}--help.\n`;
}

function notEmpty(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}

function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text.trim()) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
