import { type InjectionKey, inject } from 'vue';

/** What main.ts provided under this key. Throws where it was forgotten, instead of failing later somewhere else. */
export function provided<T>(key: InjectionKey<T>): T {
  const value = inject(key);
  if (value === undefined) throw new Error(`Nothing was provided for ${key.description}`);
  return value;
}
