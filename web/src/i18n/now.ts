import { onUnmounted, type Ref, ref } from 'vue';

/** The present, renewed every so many milliseconds while the component that asks for it lives. */
export function useNow(everyMs: number): Readonly<Ref<Date>> {
  const now = ref(new Date());
  const timer = setInterval(() => {
    now.value = new Date();
  }, everyMs);
  onUnmounted(() => clearInterval(timer));
  return now;
}
