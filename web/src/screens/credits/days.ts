/** Items of a list, newest first, by the day that they happened on where the person is. */
export interface Day<T> {
  /** That day's midnight. */
  start: Date;
  items: T[];
}

export function byDay<T extends { created_at: string }>(items: readonly T[]): Day<T>[] {
  const days: Day<T>[] = [];
  for (const item of items) {
    const start = midnight(new Date(item.created_at));
    const last = days.at(-1);
    if (last && last.start.getTime() === start.getTime()) last.items.push(item);
    else days.push({ start, items: [item] });
  }
  return days;
}

/** How many days ago it was: 0 is today. Days are those of the calendar, whatever the clocks did. */
export function daysAgo(start: Date, now: Date): number {
  return Math.round((midnight(now).getTime() - midnight(start).getTime()) / 86_400_000);
}

const midnight = (time: Date) => new Date(time.getFullYear(), time.getMonth(), time.getDate());
