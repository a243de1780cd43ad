/** What someone is notified of, on the HTTP door. Apart from `NOTIFY_LEVELS` the web client takes types alone from here. */
import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { idSchema } from './schemas.ts';

/** Of every message, of those that call or answer one, or of none. */
export const NOTIFY_LEVELS = ['all', 'mentions', 'none'] as const;
export type NotifyLevel = (typeof NOTIFY_LEVELS)[number];

/** In which language the server writes what a browser shows. */
export const NOTICE_LANGUAGES = ['en', 'zh-CN'] as const;
export type NoticeLanguage = (typeof NOTICE_LANGUAGES)[number];

const level = z.enum(NOTIFY_LEVELS);
const minute = z
  .int()
  .min(0)
  .max(24 * 60 - 1);

/** A part of every day, which may go over midnight. */
export const QuietHours = z.strictObject({
  from: minute.describe('when they begin, in minutes after midnight'),
  until: minute.describe('when they end; the same as `from`: the whole day'),
  zone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'must be a time zone such as Asia/Shanghai')
    .describe('the time zone that they are meant in, such as `Asia/Shanghai`'),
});
export type QuietHours = z.infer<typeof QuietHours>;

export const ChangeNotificationsBody = z.strictObject({
  level: level.describe('`all`, `mentions` or `none`: where nothing else is said for a class or thread'),
  content: z.boolean().describe('whether they say who wrote what, and where'),
  quiet: QuietHours.optional().describe('when nothing is sent; without: never'),
});
export type ChangeNotificationsBody = z.infer<typeof ChangeNotificationsBody>;

export const LevelBody = z.strictObject({
  level: z
    .enum([...NOTIFY_LEVELS, 'default'])
    .describe('`default`: a thread’s is that of its class, a class’s that of the account'),
});
export type LevelBody = z.infer<typeof LevelBody>;

export const NotificationsView = ChangeNotificationsBody.extend({
  classes: z
    .array(z.object({ class: idSchema, level }))
    .describe('for which classes something else is said: `class` and `level`'),
  threads: z
    .array(z.object({ thread: idSchema, class: idSchema, level }))
    .describe('for which threads: `thread`, its `class` and `level`'),
  key: z.string().describe('the public key of this server, to subscribe with (`applicationServerKey`)'),
  subscribed: z.boolean().describe('whether this session has a subscription'),
});
export type NotificationsView = z.infer<typeof NotificationsView>;

const keyText = (bytes: number) =>
  z.string().regex(new RegExp(`^[\\w-]{${Math.ceil((bytes * 4) / 3)}}={0,2}$`), 'must be base64url');

/** What a browser's `PushSubscription` says of itself. */
export const SubscribeBody = z.strictObject({
  endpoint: z.url().max(LIMITS.pushEndpointChars).describe('of the browser’s push service'),
  keys: z
    .strictObject({ p256dh: keyText(65), auth: keyText(16) })
    .describe('`p256dh` and `auth`, in base64url'),
  language: z.enum(NOTICE_LANGUAGES).describe('`en` or `zh-CN`'),
});
export type SubscribeBody = z.infer<typeof SubscribeBody>;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
