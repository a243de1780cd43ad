/** Letters and digits that are not mistaken for one another when read aloud or copied by hand. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const LENGTH = 8;

/** A new code to join a class by: 8 characters, some 8.5e11 possibilities, from the system's randomness. */
export function joinCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(LENGTH * 4));
  let code = '';
  for (const byte of bytes) {
    if (byte >= 256 - (256 % ALPHABET.length)) continue; // keeps every letter as likely as the next
    code += ALPHABET[byte % ALPHABET.length];
    if (code.length === LENGTH) return code;
  }
  return joinCode();
}

/** The form in which codes are stored: people type them in small letters and with blanks. */
export function normalizeJoinCode(typed: string): string {
  return typed.replace(/[\s-]/g, '').toUpperCase();
}
