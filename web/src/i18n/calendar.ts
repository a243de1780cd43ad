/** Dates and times in the reader's language and time zone. All dates come in as Unix seconds. */
export interface Calendar {
  /** The time of day, e.g. 14:05. */
  time(date: number): string;
  /** Today's and yesterday's name are the caller's; this is every other day, with the year where it is not this one. */
  day(date: number, now: Date): string;
  /** Short, for lists: the time today, the day before. */
  brief(date: number, now: Date): string;
  /** Day and time in full. */
  full(date: number): string;
}

export function createCalendar(tag: string): Calendar {
  const clock = new Intl.DateTimeFormat(tag, { hour: 'numeric', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(tag, { month: 'long', day: 'numeric', weekday: 'long' });
  const dayOfYear = new Intl.DateTimeFormat(tag, { year: 'numeric', month: 'long', day: 'numeric' });
  const short = new Intl.DateTimeFormat(tag, { month: 'short', day: 'numeric' });
  const shortOfYear = new Intl.DateTimeFormat(tag, { year: 'numeric', month: 'numeric', day: 'numeric' });
  const full = new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'short' });

  const format = (formatter: Intl.DateTimeFormat, date: number): string => formatter.format(date * 1000);
  return {
    time: (date) => format(clock, date),
    day: (date, now) => format(yearOf(date) === now.getFullYear() ? day : dayOfYear, date),
    brief(date, now) {
      if (daysAgo(date, now) === 0) return format(clock, date);
      return format(yearOf(date) === now.getFullYear() ? short : shortOfYear, date);
    },
    full: (date) => format(full, date),
  };
}

/** How many midnights lie between a date and now, in the reader's time zone; 0 is today. */
export function daysAgo(date: number, now: Date): number {
  return Math.round((midnight(now) - midnight(new Date(date * 1000))) / 86_400_000);
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function yearOf(date: number): number {
  return new Date(date * 1000).getFullYear();
}
