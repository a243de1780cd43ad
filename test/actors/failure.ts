/**
 * What a promise fails with. For `expect(…).rejects` waits in a loop of its own, in which what was queued before does
 * not run, so that a promise that depends on it never settles.
 */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it should have failed, and did not');
}
