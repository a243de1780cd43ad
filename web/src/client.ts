import type { PokersClient } from '@pokers/sdk';
import type { InjectionKey } from 'vue';
import { provided } from './provided.ts';

export const clientKey: InjectionKey<PokersClient> = Symbol('client');
export const useClient = (): PokersClient => provided(clientKey);
