/** What has gone by since it was started. */
export interface Clock {
  wallMs(): number;
  /** CPU time of all threads of this process, user and system. */
  cpuUs(): number;
}

export function startClock(): Clock {
  const from = performance.now();
  const used = process.cpuUsage();
  return {
    wallMs: () => performance.now() - from,
    cpuUs() {
      const { user, system } = process.cpuUsage(used);
      return user + system;
    },
  };
}
