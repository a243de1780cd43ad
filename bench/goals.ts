import type { MetricName } from './metrics.ts';
import { medianOf, type Results } from './results.ts';

/** A number that Pokers is to meet. */
export interface Goal {
  readonly about: string;
  readonly isAtLeast: boolean;
  readonly limit: number;
  /** A median of `pokers-v2`, as a multiple of another peer's if one is named. */
  readonly workload: string;
  readonly metric: MetricName;
  readonly against?: string;
}

/** What was found for a goal. */
export interface GoalResult extends Goal {
  readonly figure: number;
  readonly isMet: boolean;
}

const OURS = 'pokers-v2';

const GOALS: readonly Goal[] = [
  {
    about: 'CPU per delivery at 100 posts/s, × bare-bun',
    isAtLeast: false,
    limit: 1 / 2,
    workload: '100',
    metric: 'cpuUs',
    against: 'bare-bun',
  },
  {
    about: 'CPU per delivery at 100 posts/s, × socket.io',
    isAtLeast: false,
    limit: 1 / 3,
    workload: '100',
    metric: 'cpuUs',
    against: 'socket.io',
  },
  {
    about: 'deliveries per CPU-second, saturated, thousands',
    isAtLeast: true,
    limit: 1000,
    workload: 'saturated',
    metric: 'deliveriesPerCpuSecond',
  },
  {
    about: 'RSS per idle connection, 15,000 of them, KB',
    isAtLeast: false,
    limit: 2.5,
    workload: 'idle',
    metric: 'rssPerConnectionKb',
  },
  {
    about: 'RSS with nobody connected, MB',
    isAtLeast: false,
    limit: 100,
    workload: 'idle',
    metric: 'rssEmptyMb',
  },
];

/** How far the goals are met, of those for which this benchmark has the figures. */
export function goalsOf(results: Results): GoalResult[] {
  return GOALS.flatMap((goal) => {
    const ours = medianOf(results, goal.workload, OURS, goal.metric);
    const theirs = goal.against ? medianOf(results, goal.workload, goal.against, goal.metric) : 1;
    if (ours === undefined || theirs === undefined) return [];
    const figure = ours / theirs;
    return [{ ...goal, figure, isMet: goal.isAtLeast ? figure >= goal.limit : figure <= goal.limit }];
  });
}
