import type { Config } from '../config.ts';
import { UsageError } from '../errors.ts';

export interface MailArguments {
  readonly smtp?: string;
  readonly mailFrom?: string;
  readonly url?: string;
}

/** How mails leave, by `--smtp` and `--mail-from`. @throws UsageError */
export function mailServer({ smtp, mailFrom, url }: MailArguments): Config['smtp'] {
  if (smtp === undefined) return undefined;
  const parsed = URL.parse(smtp);
  if (!parsed || !/^smtps?:$/.test(parsed.protocol) || parsed.hostname === '')
    throw new UsageError('--smtp must be an address such as smtp://user:password@mail.example.org:587.');
  // Without it the links in mails would lead to whatever host a request names.
  if (url === undefined) throw new UsageError('--smtp needs --url: mails have links to this server in them.');
  const host = new URL(url).hostname;
  return { url: smtp, from: mailFrom ?? `pokers@${host}` };
}
