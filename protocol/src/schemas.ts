/** Shapes that several resources share. */
import { z } from 'zod';
import { countChars } from './limits.ts';
import { isVisible } from './v2.ts';

export const idSchema = z.int().positive();

/** Control characters, line breaks, and what turns or hides the text around it: they make one name look like another. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/u;

/** Arguments of `refine`: at most so many characters, or `too_long`. */
export const atMost = (max: number) =>
  [
    (value: string) => countChars(value) <= max,
    { error: `must be at most ${max} characters`, params: { tooLong: true } },
  ] as const;

/** A name or title: one line of characters that can be seen. */
export const lineSchema = (max: number) =>
  z
    .string()
    .trim()
    .refine(isVisible, 'must not be blank')
    .refine((value) => !UNSEEN.test(value), 'must be one line of ordinary characters')
    .refine(...atMost(max));
