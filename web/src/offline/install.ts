import { shallowRef } from 'vue';

/** Chromium's own; other browsers have it in their menus. */
interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

const offered = shallowRef<InstallEvent>();

/** How the client can be put among the programs of this device; undefined where the browser does not offer it. */
export const installing: Readonly<typeof offered> = offered;

/** The browser offers it once, some time after the page was loaded: it is kept until somebody asks for it. */
export function listenForInstall(page: Window): void {
  page.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offered.value = event as InstallEvent;
  });
  page.addEventListener('appinstalled', () => {
    offered.value = undefined;
  });
}
