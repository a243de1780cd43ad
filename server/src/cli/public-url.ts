import { InvalidArgumentError } from 'commander';

/** An address that people open, without a path: `https://chat.example.org`. @throws InvalidArgumentError */
export function publicUrl(text: string): string {
  const url = URL.parse(text.trim());
  const isBare = url?.href === `${url?.origin}/`;
  if (url && /^https?:$/.test(url.protocol) && isBare) return url.origin;
  throw new InvalidArgumentError(
    'It must be an address such as https://chat.example.org, with nothing behind the name and port.',
  );
}
