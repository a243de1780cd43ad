/** The address that an invitation is handed out as. */
export function linkTo(token: string): string {
  return `${location.origin}/i/${token}`;
}
