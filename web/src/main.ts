import './tokens.css';
import './base.css';
import { PokersClient } from '@pokers/sdk';
import { createApp, shallowRef, watch } from 'vue';
import App from './App.vue';
import { accountKey, createAccount } from './account/account.ts';
import { classesKey, createClasses } from './classroom/classes.ts';
import { createNewcomers } from './classroom/newcomers.ts';
import { clientKey } from './client.ts';
import { connectionKey, createConnection } from './connection/connection.ts';
import { conversationsKey, createConversations } from './conversation/conversations.ts';
import { createLanguage, languageKey } from './i18n/language.ts';
import { overlayKey } from './keyboard/overlay.ts';
import { showKept } from './offline/show-kept.ts';
import { readPreference } from './preference.ts';
import { createRouter, routerKey } from './route/router.ts';
import { createTheme, themeKey } from './theme/theme.ts';
import { createThreads, threadsKey } from './thread/threads.ts';

/** What nobody waits for leaves a thin line to the first conversation, for so long, in ms. */
const SETTLE_MS = 400;
const RETRY_MS = 4_000;

const root = document.documentElement;
// All else goes on while its texts come.
const language = createLanguage(root, navigator.languages);
const client = new PokersClient({ url: location.origin });
const account = createAccount(client, window);
const classes = createClasses(client);
const threads = createThreads(client);
const newcomers = createNewcomers(classes.recount);
const me = (): number => account.user.value?.id ?? 0;
const signedIn = (): number => (account.state.value === 'signed-in' ? me() : 0);
const router = createRouter(window);
const conversations = createConversations(client, threads, newcomers, me, window);
const usable = { client, account, classes, threads, conversations, router };

client.on('class', (id) => {
  void classes.load();
  void threads.of(id).load();
});
void account.load();
// Whoever was signed in here most likely is still: all that the first page needs is asked for at once.
if (readPreference('known')) {
  client.connect().catch(() => {});
  void classes.ready();
  const { classId } = router.route.value;
  if (classId !== undefined) void threads.of(classId).ready();
}
watch(signedIn, (user) => {
  if (!user) return;
  client.outbox.open(user);
  setTimeout(settle, SETTLE_MS, user);
});
async function settle(user: number): Promise<void> {
  if (user !== signedIn()) return;
  try {
    const [{ keepCount }, { stayUsable }] = await Promise.all([
      import('./unread/start.ts'),
      import('./offline/offline.ts'),
    ]);
    keepCount(usable, user);
    void stayUsable(usable, user);
  } catch {
    // The line is down.
    setTimeout(settle, RETRY_MS, user);
  }
}
showKept(usable, document);

createApp(App)
  .provide(languageKey, await language)
  .provide(themeKey, createTheme(root))
  .provide(routerKey, router)
  .provide(clientKey, client)
  .provide(accountKey, account)
  .provide(connectionKey, createConnection(client, window))
  .provide(classesKey, classes)
  .provide(overlayKey, shallowRef())
  .provide(threadsKey, threads)
  .provide(conversationsKey, conversations)
  .mount('#app');
