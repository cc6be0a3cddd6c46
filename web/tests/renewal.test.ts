import { expect, test, vi } from "vitest";
import { isNews, renewed, type Held, type Renewed, type Surroundings } from "../src/session/renewal";

const tokens = (name: string) => ({ access_token: `access-${name}`, refresh_token: `refresh-${name}`, expires_in: 3600 });

/** Two tabs that hold the same session, and an issuer that takes each refresh token once. */
function browser() {
  const spent = new Set<string>();
  let turns = 0;
  const refreshed = vi.fn(async (refresh: string) => (spent.has(refresh) ? null : (spent.add(refresh), tokens(`${(turns += 1)}`))));
  const newest: Record<string, number> = {};
  const open = (found: Renewed | null = null) => {
    let held: Held | null = { refresh: "refresh-0", family: "one", turn: 0 };
    const told: Renewed[] = [];
    const around: Surroundings = {
      held: () => held,
      newest: (family) => newest[family] ?? 0,
      refreshed,
      got: (renewed) => {
        told.push(renewed);
        newest[renewed.family] = renewed.turn;
        held = { ...held!, refresh: renewed.tokens.refresh_token ?? held!.refresh, turn: renewed.turn };
      },
      ahead: async () => found,
    };
    return { around, told, close: () => (held = null) };
  };
  return { open, refreshed, spent };
}

test("a tab renews its session, turn by turn", async () => {
  const { open } = browser();
  const tab = open();
  expect((await renewed(tab.around))?.access_token).toBe("access-1");
  expect((await renewed(tab.around))?.access_token).toBe("access-2");
  expect(tab.told.map((each) => each.turn)).toEqual([1, 2]);
});

test("a duplicated tab takes what the first one got, and never uses a refresh token twice", async () => {
  const { open, refreshed } = browser();
  const first = open();
  await renewed(first.around);
  const second = open(first.told[0]);
  expect((await renewed(second.around))?.access_token).toBe("access-1");
  expect(refreshed).toHaveBeenCalledTimes(1);
});

test("a duplicated tab that nobody tells signs out, rather than end the other's session", async () => {
  const { open, refreshed } = browser();
  await renewed(open().around);
  expect(await renewed(open(null).around)).toBeNull();
  expect(refreshed).toHaveBeenCalledTimes(1);
});

test("without a session nothing is asked", async () => {
  const { open, refreshed } = browser();
  const tab = open();
  tab.close();
  expect(await renewed(tab.around)).toBeNull();
  expect(refreshed).not.toHaveBeenCalled();
});

test("an issuer that does not rotate leaves the turn as it is, so that other tabs may go on", async () => {
  const tab = browser().open();
  const kept = { access_token: "access", expires_in: 60 };
  await renewed({ ...tab.around, refreshed: async () => kept });
  expect(tab.told).toEqual([{ family: "one", turn: 0, tokens: kept }]);
});

test("only news of the same session is taken", () => {
  const held = { refresh: "r", family: "one", turn: 2 };
  const told = (family: string, turn: number) => ({ family, turn, tokens: tokens("x") });
  expect(isNews(held, told("one", 3))).toBe(true);
  expect(isNews(held, told("one", 2))).toBe(false);
  expect(isNews(held, told("two", 3))).toBe(false);
  expect(isNews(null, told("one", 3))).toBe(false);
});
