import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a browser keeps for us for a time, and cannot change. @param purpose so that no signed text is good for another */
export function sign(value: unknown, until: number, purpose: string, secret: string): string {
  const text = Buffer.from(JSON.stringify({ value, until })).toString('base64url');
  return `${text}.${macOf(text, purpose, secret).toString('base64url')}`;
}

/** The value, if we signed it for this and its time has not passed. @param now like `until`, in Unix seconds */
export function verified(signed: string, now: number, purpose: string, secret: string): unknown {
  const [text = '', mac = ''] = signed.split('.');
  const expected = macOf(text, purpose, secret);
  const actual = Buffer.from(mac, 'base64url');
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return undefined;
  const { value, until } = JSON.parse(Buffer.from(text, 'base64url').toString()) as {
    value: unknown;
    until: number;
  };
  return until > now ? value : undefined;
}

function macOf(text: string, purpose: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(`${purpose}\n${text}`).digest();
}
