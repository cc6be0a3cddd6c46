import { expect, test } from "vitest";
import { confirmedNow, forgetConfirmed, rememberConfirmed } from "../src/screens/leave/confirmed";

const storage = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
};

test("a confirmation lasts as long as a sign-in is fresh", () => {
  const keep = storage();
  expect(confirmedNow(keep, 0)).toBe(false);
  rememberConfirmed(keep, 1_000);
  expect(confirmedNow(keep, 1_000 + 299_999)).toBe(true);
  expect(confirmedNow(keep, 1_000 + 300_000)).toBe(false);
});

test("it is forgotten once it was used", () => {
  const keep = storage();
  rememberConfirmed(keep, 0);
  forgetConfirmed(keep);
  expect(confirmedNow(keep, 1)).toBe(false);
});
