import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Held, Renewed } from "../src/session/renewal";
import { newestTurn, tabs } from "../src/session/tabs";

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const at = (turn: number, family = "one"): Renewed => ({ family, turn, tokens: { access_token: `access-${turn}`, refresh_token: `refresh-${turn}`, expires_in: 60 } });
const holding = (turn: number, family = "one"): Held => ({ refresh: `refresh-${turn}`, family, turn });

/** A tab that has renewed as often as `turn` says; `heard` is what it took from others. */
function tab(turn: number, family = "one") {
  const onRenewed = vi.fn();
  const onOut = vi.fn();
  const self = tabs({ held: () => holding(turn, family), latest: () => (turn ? at(turn, family) : null), onRenewed, onOut });
  return { ...self, onRenewed, onOut };
}

test("what one tab got, the others of its session take", async () => {
  const [first, second, other] = [tab(0), tab(0), tab(0, "two")];
  first.tell(at(1));
  await vi.waitFor(() => expect(second.onRenewed).toHaveBeenCalledWith(at(1)));
  expect(other.onRenewed).not.toHaveBeenCalled();
  expect(newestTurn("one")).toBe(1);
  expect(newestTurn("two")).toBe(0);
});

test("a tab that is behind is told by one that is ahead", async () => {
  tab(3);
  expect(await tab(1).ahead(holding(1))).toEqual(at(3));
});

test("where nobody is ahead, it is told so in time", async () => {
  vi.useFakeTimers();
  const asked = tab(5, "alone").ahead(holding(5, "alone"));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await asked).toBeNull();
});

test("who leaves in one tab leaves in all", async () => {
  const [first, second] = [tab(0, "left"), tab(0, "another")];
  first.tellOut();
  await vi.waitFor(() => expect(second.onOut).toHaveBeenCalledTimes(1));
});

test("only counts are kept for all tabs, and of a few sessions", () => {
  const one = tab(0);
  for (const family of ["a", "b", "c", "d", "e"]) one.tell(at(2, family));
  expect(JSON.parse(kept.get("veil.turns")!)).toEqual({ b: 2, c: 2, d: 2, e: 2 });
});
