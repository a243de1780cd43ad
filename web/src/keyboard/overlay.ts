import type { InjectionKey, ShallowRef } from 'vue';
import { provided } from '../provided.ts';

export interface Named {
  readonly id: number;
  readonly name: string;
}

/** With what a search begins. */
export interface SearchFrom {
  /** Where: of what is open, its class or its thread; else everywhere. */
  readonly scope?: 'class' | 'thread';
  readonly text?: string;
  readonly person?: Named;
}

/** What lies over the page, if anything does: the search, the quick switcher, or the sheet of shortcuts. */
export type Overlay =
  | ({ readonly kind: 'search' } & SearchFrom)
  | { readonly kind: 'switcher' }
  | { readonly kind: 'shortcuts' };

export const overlayKey: InjectionKey<ShallowRef<Overlay | undefined>> = Symbol('overlay');
export const useOverlay = (): ShallowRef<Overlay | undefined> => provided(overlayKey);
