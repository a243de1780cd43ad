/** Letters and digits that are not mistaken for one another when copied by hand. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Such as `k7f-m2p-…`: so many groups of so many characters, each worth 4.95 bits of the system's randomness. */
export function readableText(groups: number, perGroup: number): string {
  return Array.from({ length: groups }, () => letters(perGroup)).join('-');
}

/** A password to begin with: 59 bits. */
export function firstPassword(): string {
  return readableText(4, 3);
}

function letters(count: number): string {
  let text = '';
  while (text.length < count) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    // What is beyond the last whole round of letters would make the first of them likelier.
    if (byte < 256 - (256 % LETTERS.length)) text += LETTERS[byte % LETTERS.length];
  }
  return text;
}
