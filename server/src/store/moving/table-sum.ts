import { createHash } from 'node:crypto';
import type { Row } from './movable-store.ts';

const MODULUS = 2n ** 256n;

/** What rows of a table come to, whatever their order: how many they are, and the sum of their SHA-256. */
export class TableSum {
  #rows = 0;
  #sum = 0n;

  add(row: Row): void {
    const columns = Object.keys(row).sort();
    const text = JSON.stringify(columns.map((column) => [column, row[column]]));
    this.#sum = (this.#sum + BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)) % MODULUS;
    this.#rows++;
  }

  get rows(): number {
    return this.#rows;
  }

  get sha256(): string {
    return this.#sum.toString(16).padStart(64, '0');
  }
}
