import type { PokersClient } from '@pokers/sdk';
import { keepPreference, readPreference } from '../preference.ts';
import { openKeptUploads } from './kept-uploads.ts';
import { createUploads, type Uploads } from './uploads.ts';

/** They outlive the conversation that needed them first. Nothing of it is part of the first load, so no app provides it. */
const known = new WeakMap<PokersClient, Uploads>();

/** Those of a client; what an earlier page left on its way goes on then. */
export function loadUploads(client: PokersClient, me: number): Uploads {
  const uploads =
    known.get(client) ??
    createUploads(client, me, openKeptUploads(), (count) => keepPreference('uploads', String(count)));
  known.set(client, uploads);
  return uploads;
}

/** Whether this page, or an earlier one, left files on their way. */
export function hasUploads(): boolean {
  return Number(readPreference('uploads') ?? 0) > 0;
}
