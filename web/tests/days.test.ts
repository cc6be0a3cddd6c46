import { expect, test } from "vitest";
import { byDay, daysAgo } from "../src/screens/credits/days";

const at = (day: number, hour: number) => ({ created_at: new Date(2026, 10, day, hour).toISOString() });

test("entries of one day stand together, in the order in which they came", () => {
  const [a, b, c] = [at(27, 23), at(27, 0), at(26, 23)];
  expect(byDay([a, b, c]).map((day) => [day.start.getDate(), day.items])).toEqual([[27, [a, b]], [26, [c]]]);
  expect(byDay([])).toEqual([]);
});

test("days are those of the calendar", () => {
  expect(daysAgo(new Date(2026, 10, 27, 0, 1), new Date(2026, 10, 27, 23, 59))).toBe(0);
  expect(daysAgo(new Date(2026, 10, 26, 23, 59), new Date(2026, 10, 27, 0, 1))).toBe(1);
});
