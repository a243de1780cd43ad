/** Search over HTTP. */
import { z } from 'zod';
import { MessageView } from './http.ts';
import { idSchema } from './schemas.ts';

/** What a message can have beside words. */
export const HAS = ['link', 'image', 'file'] as const;
export type Has = (typeof HAS)[number];

const RangeView = z.tuple([z.int(), z.int()]);

export const HitView = z.object({
  message: MessageView,
  class_name: z.string(),
  thread_name: z.string(),
  ranges: z
    .array(RangeView)
    .describe('where it stands in `content`: pairs of the first UTF-16 unit and the one after the last'),
  file_name_ranges: z.array(RangeView).optional().describe('the same of `file_name`'),
});
export type HitView = z.infer<typeof HitView>;

export const SearchView = z.object({
  hits: z.array(HitView).describe('the newest first'),
  more: z.boolean().describe('whether there may be older ones; a search that takes long ends early'),
  next: idSchema.optional().describe('with `more`: the `before` of the next page'),
  pending: z
    .int()
    .optional()
    .describe('about how many old messages are not looked through yet, where the index is being made'),
});
export type SearchView = z.infer<typeof SearchView>;

const NamedView = z.object({ id: idSchema, name: z.string() });

export const NamesView = z.object({
  classes: z.array(NamedView).describe('of mine: `id` and `name`'),
  threads: z
    .array(z.object({ ...NamedView.shape, class: idSchema, class_name: z.string() }))
    .describe('in classes of mine: `id`, `name`, and the `class` with its `class_name`'),
  people: z
    .array(z.object({ ...NamedView.shape, class_name: z.string() }))
    .describe('in classes of mine: `id`, `name`, and the `class_name` of a class that they share with me'),
});
export type NamesView = z.infer<typeof NamesView>;
