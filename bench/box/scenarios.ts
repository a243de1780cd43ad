import type { Observed } from './crowd.ts';
import type { Way } from './ways/way.ts';

/** A message counts as delivered in time when 95 % are there within so many ms. */
export const IN_TIME_MS = 2_000;

/** How often a member of the class says something, in seconds on average, where nothing else is wanted. */
export const SPEAKS_EVERY = 60;

const BUSY_MEMBERS = 50;

export const SCENARIO_NAMES = ['class', 'busy'] as const;

/** What grows until it is too much. */
export interface Scenario {
  readonly name: (typeof SCENARIO_NAMES)[number];
  readonly title: string;
  readonly about: string;
  /** The same in few words, for the chart. */
  readonly caption: string;
  /** What grows, as the figure is called. */
  readonly unit: string;
  /** Whether posts come from others than the members. */
  readonly hasPosters: boolean;
  guess(way: Way): number;
  /** What is done where it has grown to this. */
  load(size: number): { members: number; postsPerSecond: number };
  /** What the size is in the end. */
  result(size: number, observed: Observed): number;
}

/** In the order of the table and the chart. @param speaksEvery how often a member of the class posts, in seconds */
export function scenariosOf({ speaksEvery }: { readonly speaksEvery: number }): readonly Scenario[] {
  return [
    {
      name: 'class',
      title: 'A class chats',
      about: `everyone posts once in ${speaksEvery} s on average and gets all posts; members come until it is too much`,
      caption: `everyone posts once in ${speaksEvery} s; how many can there be?`,
      unit: 'members',
      hasPosters: false,
      guess: ({ guess }) => Math.round(guess.members * Math.sqrt(speaksEvery / SPEAKS_EVERY)),
      load: (members) => ({ members, postsPerSecond: members / speaksEvery }),
      result: (members) => members,
    },
    {
      name: 'busy',
      title: 'A busy thread',
      about: `${BUSY_MEMBERS} members listen; others post, more and more, until it is too much`,
      caption: `${BUSY_MEMBERS} members listen; how much can be said?`,
      unit: 'deliveries/s',
      hasPosters: true,
      guess: ({ guess }) => guess.postsPerSecond,
      load: (postsPerSecond) => ({ members: BUSY_MEMBERS, postsPerSecond }),
      result: (_, { deliveriesPerSecond }) => Math.round(deliveriesPerSecond),
    },
  ];
}

/** Why a load was too much; undefined where it was not. */
export function tooMuch({ missing, doubled, lost, hint, p95Ms }: Observed): string | undefined {
  if (lost > 0) return `${lost} members lost: ${hint}`;
  if (missing > 0) return `${missing} deliveries missing`;
  if (doubled > 0) return `${doubled} deliveries twice`;
  return p95Ms > IN_TIME_MS ? 'too late' : undefined;
}
