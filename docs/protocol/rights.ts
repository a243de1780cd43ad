import { OBSTACLES, RIGHTS, ROLES } from '@pokers/protocol/rights';
import { code, table } from './markdown.ts';

/** Who may do what: the table by which the server decides. */
export function rightsTable(): string {
  const rows = Object.values(RIGHTS).map((rule) => [
    rule.what,
    code(rule.scope),
    ...ROLES.map((role) => (rule[role] === 'no' ? '–' : rule[role])),
  ]);
  return table(['to', 'scope', ...ROLES], rows);
}

/** What can be done although something stands in the way. */
export function obstacleTable(): string {
  const rows = Object.values(RIGHTS).map(({ what, though }) => [
    what,
    ...OBSTACLES.map((obstacle) => ((though as readonly string[]).includes(obstacle) ? 'yes' : '–')),
  ]);
  return table(['to', ...OBSTACLES.map(code)], rows);
}
