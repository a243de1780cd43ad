/**
 * What names are compared by: however it is typed (wide letters, capitals, blanks around it), a name has one key. Upper
 * case first, since some letters differ in lower case alone (ß and ss, σ and ς).
 */
export function nameKey(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toUpperCase().toLowerCase().normalize('NFKC');
}
