import type {
  ChangeNotificationsBody,
  LevelBody,
  NotificationsView,
  NotifyLevel,
} from '@pokers/protocol/notifications';
import type { HttpApi } from '@pokers/sdk';

export type ChosenLevel = LevelBody['level'];

/** In the order in which they are offered. */
export const LEVELS: readonly NotifyLevel[] = ['all', 'mentions', 'none'];
const CHOSEN_LEVELS: readonly ChosenLevel[] = ['default', ...LEVELS];

/** The levels as they are offered, where this one is the usual. @param say the words of `notificationsText` */
export function levelOptions(
  say: (key: `level.${ChosenLevel}`, slots?: Readonly<Record<string, string>>) => string,
  usual: NotifyLevel,
): (readonly [ChosenLevel, string])[] {
  return CHOSEN_LEVELS.map((level) => [level, say(`level.${level}`, { usual: say(`level.${usual}`) })]);
}

/** What one is notified of, over the HTTP door. */
export class NotificationApi {
  readonly #http: HttpApi;

  constructor(http: HttpApi) {
    this.#http = http;
  }

  read(): Promise<NotificationsView> {
    return this.#http.ask('GET', '/api/me/notifications');
  }

  async change(wanted: ChangeNotificationsBody): Promise<void> {
    await this.#http.ask('PUT', '/api/me/notifications', wanted);
  }

  async changeClass(id: number, level: ChosenLevel): Promise<void> {
    await this.#http.ask('PUT', `/api/me/notifications/classes/${id}`, { level });
  }

  async changeThread(id: number, level: ChosenLevel): Promise<void> {
    await this.#http.ask('PUT', `/api/me/notifications/threads/${id}`, { level });
  }

  async subscribe(subscription: PushSubscriptionJSON, language: 'en' | 'zh-CN'): Promise<void> {
    const { endpoint, keys } = subscription;
    await this.#http.ask('PUT', '/api/me/push-subscription', { endpoint, keys, language });
  }

  async unsubscribe(): Promise<void> {
    await this.#http.ask('DELETE', '/api/me/push-subscription');
  }
}
