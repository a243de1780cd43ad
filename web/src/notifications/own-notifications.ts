import type { NotificationsView } from '@pokers/protocol/notifications';
import { type ShallowRef, shallowRef } from 'vue';
import { useClient } from '../client.ts';
import { NotificationApi } from './notifications.ts';

/** What one is notified of, as it is on the server, and changes to it. */
export interface OwnNotifications {
  readonly api: NotificationApi;
  /** Undefined until they are loaded. */
  readonly settings: ShallowRef<NotificationsView | undefined>;
  /** Why the last change, or loading them, failed. */
  readonly failure: ShallowRef<unknown>;
  /** One after the other, and none is passed over: each change is of what the one before has left. */
  run(change: () => Promise<void>): void;
}

/** For the component that shows them: they are loaded at once. */
export function useOwnNotifications(): OwnNotifications {
  const api = new NotificationApi(useClient().http);
  const settings = shallowRef<NotificationsView>();
  const failure = shallowRef<unknown>();
  let turn: Promise<void> = Promise.resolve();

  function run(change: () => Promise<void>): void {
    turn = turn.then(async () => {
      failure.value = undefined;
      try {
        await change();
      } catch (error) {
        failure.value = error;
      }
      settings.value = await api.read().catch((error: unknown) => {
        failure.value ??= error;
        return settings.value;
      });
    });
  }

  run(async () => {});
  return { api, settings, failure, run };
}
