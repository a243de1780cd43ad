/** Waits until something holds; fails after ten seconds with what was hoped for. */
export async function until(holds: () => boolean, hope = 'something to happen'): Promise<void> {
  for (const deadline = performance.now() + 10_000; !holds(); ) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${hope}.`);
    await Bun.sleep(2);
  }
}
