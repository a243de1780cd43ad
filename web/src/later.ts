import { type Component, type FunctionalComponent, h, shallowRef, triggerRef } from 'vue';

/** After so long what could not be loaded is asked for once more, as long as it is to be shown. */
const RETRY_MS = 4_000;

/**
 * A component whose code comes over the line when it is first shown. Vue's own defineAsyncComponent does more, and
 * weighs 0.6 KB of the first load. It takes no template ref. `waiting` stands in its place meanwhile.
 */
export function later<T extends Component>(
  load: () => Promise<{ readonly default: T }>,
  waiting?: Component,
): T {
  const loaded = shallowRef<T>();
  let asked = false;

  async function ask(): Promise<void> {
    asked = true;
    try {
      loaded.value = (await load()).default;
    } catch {
      setTimeout(() => {
        asked = false;
        triggerRef(loaded);
      }, RETRY_MS);
    }
  }

  const Later: FunctionalComponent = (_props, { attrs, slots }) => {
    if (loaded.value) return h(loaded.value as Component, attrs, slots);
    if (!asked) void ask();
    return waiting && h(waiting);
  };
  Later.inheritAttrs = false;
  return Later as Component as T;
}
