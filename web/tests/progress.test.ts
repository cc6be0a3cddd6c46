import { describe, expect, it } from "vitest";
import { madeAt, stillUsable } from "../src/generations/ages";
import { beside, chosenFirst, face, paceAt, secondsSince, stageAt } from "../src/generations/progress";
import { fileName, isApple } from "../src/generations/saving-names";
import { generation, NOON, refunded, stored, waiting } from "./generation";

const four = generation([stored(0, "/0", NOON), refunded(1), stored(2, "/2", NOON), stored(3, "/3", NOON)]);

describe("what a generation shows", () => {
  it("is the chosen image, else the first, else none", () => {
    expect(face({ ...four, selected: 2 })?.index).toBe(2);
    expect(face(four)?.index).toBe(0);
    expect(face(generation([waiting(0), refunded(1)]))).toBeUndefined();
  });
  it("has the chosen one first, and the others in their order", () => {
    expect(chosenFirst({ ...four, selected: 2 }).map((image) => image.index)).toEqual([2, 0, 1, 3]);
    expect(chosenFirst(four).map((image) => image.index)).toEqual([0, 1, 2, 3]);
  });
  it("goes round from one stored image to the next", () => {
    expect([0, 2, 3].map((index) => beside(four, index, 1))).toEqual([2, 3, 0]);
    expect([0, 2, 3].map((index) => beside(four, index, -1))).toEqual([3, 0, 2]);
    expect(beside(generation([stored(1, "/1", NOON)]), 1, 1)).toBe(1);
  });
});

describe("how long it takes", () => {
  it("is told in stages that only go forward", () => {
    expect([-3, 0, 6, 13, 14, 24, 3600].map(stageAt)).toEqual([
      "looking", "looking", "dressing", "dressing", "lighting", "finishing", "finishing",
    ]);
    expect([0, 44, 45, 299, 300].map(paceAt)).toEqual(["usual", "usual", "slow", "slow", "long"]);
  });
  it("is never less than nothing, whatever the clock says", () => {
    expect(secondsSince("2026-11-27T12:00:00Z", NOON - 90_000)).toBe(0);
    expect(secondsSince("2026-11-27T12:00:00Z", NOON + 90_000)).toBe(90);
  });
});

describe("a photo", () => {
  it("was sent when its id says", () => {
    expect(madeAt("01ARZ3NDEKTSV4RRFFQ69G5FAV")).toBe(1469922850259);
    expect(madeAt("01arz3ndektsv4rrffq69g5fav")).toBe(1469922850259);
  });
  it("can be used again for a day, with some time to choose in", () => {
    const id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    const hours = (count: number) => madeAt(id) + count * 3_600_000;
    expect(stillUsable(id, hours(23.5))).toBe(true);
    expect(stillUsable(id, hours(23.9))).toBe(false);
  });
});

describe("a saved file", () => {
  it("has the style, the number that people see, and the type in its name", () => {
    expect(fileName("classic", 0, "image/jpeg")).toBe("veil-classic-1.jpg");
    expect(fileName("modern", 3, "image/webp")).toBe("veil-modern-4.webp");
    expect(fileName("modern", 3, "")).toBe("veil-modern-4.jpg");
  });
  it("goes through the sheet on an iPhone, and on an iPad that says it is a Mac", () => {
    expect(isApple("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", 5)).toBe(true);
    expect(isApple("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 5)).toBe(true);
    expect(isApple("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", 0)).toBe(false);
    expect(isApple("Mozilla/5.0 (Linux; Android 15)", 5)).toBe(false);
  });
});
