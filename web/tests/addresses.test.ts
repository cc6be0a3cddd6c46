import { describe, expect, it } from "vitest";
import { Addresses, untilRenewal } from "../src/generations/addresses";
import { generation, MINUTE, NOON, stored, waiting } from "./generation";

const urls = (of: ReturnType<Addresses["settle"]>) => of.images.map((image) => image.url);

describe("the addresses of images", () => {
  it("stay as they were first, until they end soon", () => {
    const kept = new Addresses();
    const said = (name: string, now: number) => generation([stored(0, name, now + 15 * MINUTE), waiting(1)]);
    expect(urls(kept.settle(said("/first", NOON), NOON))).toEqual(["/first", null]);
    for (const minutes of [1, 5, 13]) {
      const now = NOON + minutes * MINUTE;
      expect(urls(kept.settle(said(`/at-${minutes}`, now), now))).toEqual(["/first", null]);
    }
    const now = NOON + 14 * MINUTE;
    expect(urls(kept.settle(said("/next", now), now))).toEqual(["/next", null]);
    expect(urls(kept.settle(said("/later", now + MINUTE), now + MINUTE))).toEqual(["/next", null]);
  });

  it("end when they said at first, not when a newer one would", () => {
    const kept = new Addresses();
    kept.settle(generation([stored(0, "/first", NOON + 15 * MINUTE)]), NOON);
    const settled = kept.settle(generation([stored(0, "/second", NOON + 25 * MINUTE)]), NOON + 10 * MINUTE);
    expect(untilRenewal(settled, NOON + 10 * MINUTE)).toBe(4 * MINUTE);
  });

  it("belong to one image of one generation", () => {
    const kept = new Addresses();
    kept.settle(generation([stored(0, "/a/0", NOON + 15 * MINUTE)], { id: "a" }), NOON);
    const settled = kept.settle(generation([stored(0, "/b/0", NOON + 15 * MINUTE), stored(1, "/b/1", NOON + 15 * MINUTE)], { id: "b" }), NOON);
    expect(urls(settled)).toEqual(["/b/0", "/b/1"]);
  });

  it("are asked for anew once when a picture does not load, and again after it did", () => {
    const kept = new Addresses();
    const said = (name: string) => generation([stored(0, name, NOON + 15 * MINUTE)]);
    kept.settle(said("/refused"), NOON);
    expect(kept.lost("01J", 0)).toBe(true);
    expect(urls(kept.settle(said("/other"), NOON))).toEqual(["/other"]);
    expect(kept.lost("01J", 0)).toBe(false);
    kept.arrived("01J", 0);
    expect(kept.lost("01J", 0)).toBe(true);
  });

  it("are forgotten with the person", () => {
    const kept = new Addresses();
    kept.settle(generation([stored(0, "/mine", NOON + 15 * MINUTE)]), NOON);
    kept.clear();
    expect(urls(kept.settle(generation([stored(0, "/yours", NOON + 15 * MINUTE)]), NOON))).toEqual(["/yours"]);
  });

  it("are renewed a minute before the first one ends, never at once, and never where there is none", () => {
    const two = generation([stored(0, "/a", NOON + 15 * MINUTE), stored(1, "/b", NOON + 10 * MINUTE)]);
    expect(untilRenewal(two, NOON)).toBe(9 * MINUTE);
    expect(untilRenewal(two, NOON + 20 * MINUTE)).toBe(MINUTE / 2);
    expect(untilRenewal(generation([waiting(0)]), NOON)).toBeNull();
  });
});
