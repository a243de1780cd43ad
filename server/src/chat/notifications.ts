import { LIMITS } from '@pokers/protocol/limits';
import type { ChangeNotificationsBody, LevelBody, NotificationsView } from '@pokers/protocol/notifications';
import {
  isSubscribed,
  notifyLevelsOf,
  notifySettingsOf,
  setLevelSteps,
  setNotificationsStep,
} from '../store/notifications.ts';
import { type Actor, inClass, inThread } from './access.ts';
import type { Chat } from './chat.ts';

/** What a user wants to be notified of. @param session of theirs, which may have a subscription */
export async function readNotifications(
  { store }: Chat,
  user: number,
  session: number,
): Promise<Omit<NotificationsView, 'key'>> {
  const [settings, levels, subscribed] = await Promise.all([
    notifySettingsOf(store, user),
    notifyLevelsOf(store, user),
    isSubscribed(store, session),
  ]);
  return {
    ...settings,
    classes: levels.filter(({ thread }) => thread === 0).map(({ thread: _, ...rest }) => rest),
    threads: levels.filter(({ thread }) => thread !== 0),
    subscribed,
  };
}

export async function setNotifications(
  { store }: Chat,
  user: number,
  wanted: ChangeNotificationsBody,
): Promise<void> {
  await store.atomically([setNotificationsStep(store.db, user, wanted)]);
}

/** @throws class_not_found, limit_reached */
export async function setClassLevel(
  chat: Chat,
  actor: Actor,
  classroom: number,
  level: LevelBody['level'],
): Promise<void> {
  await inClass(chat, actor, 'see_class', classroom);
  await setLevel(chat, { user: actor.id, classroom, thread: 0 }, level);
}

/** @throws thread_not_found, limit_reached */
export async function setThreadLevel(
  chat: Chat,
  actor: Actor,
  id: number,
  level: LevelBody['level'],
): Promise<void> {
  const { thread } = await inThread(chat, actor, 'see_class', id);
  await setLevel(chat, { user: actor.id, classroom: thread.class, thread: id }, level);
}

async function setLevel(
  { store }: Chat,
  place: Parameters<typeof setLevelSteps>[1],
  level: LevelBody['level'],
): Promise<void> {
  const said = level === 'default' ? undefined : level;
  await store.atomically(setLevelSteps(store.db, place, said, LIMITS.notifyLevels));
}
