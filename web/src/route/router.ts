import { type InjectionKey, type ShallowRef, shallowRef } from 'vue';
import { provided } from '../provided.ts';
import { above, formatRoute, parseRoute, type Route } from './route.ts';

export interface Router {
  readonly route: Readonly<ShallowRef<Route>>;
  go(route: Route): void;
  /** Goes without leaving a step in the history. */
  replace(route: Route): void;
  /** One level up; a step back in the history where that is the same, so that the history does not grow in circles. */
  up(): void;
}

export const routerKey: InjectionKey<Router> = Symbol('router');
export const useRouter = (): Router => provided(routerKey);

/** Routes over the history API; the server answers index.html to every path that is not its own. */
export function createRouter(page: Window): Router {
  const route = shallowRef(parseRoute(page.location.pathname));
  page.addEventListener('popstate', () => {
    route.value = parseRoute(page.location.pathname);
  });

  const replace = (next: Route): void => {
    page.history.replaceState(null, '', formatRoute(next));
    route.value = next;
  };

  return {
    route,
    replace,
    go(next) {
      const from = formatRoute(route.value);
      if (formatRoute(next) === from) return;
      page.history.pushState({ from }, '', formatRoute(next));
      route.value = next;
    },
    up() {
      const target = above(route.value);
      if (cameFrom(page.history.state) === formatRoute(target)) page.history.back();
      else replace(target);
    },
  };
}

function cameFrom(state: unknown): unknown {
  return typeof state === 'object' && state !== null && 'from' in state ? state.from : undefined;
}
