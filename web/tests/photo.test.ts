import { describe, expect, it } from "vitest";
import { hintsOf } from "../src/photo/hints";
import { accepted, MOST_BYTES, plan, planUnseen, typeOf, within } from "../src/photo/rules";

const bytes = (text: string) => Uint8Array.from(text, (each) => each.charCodeAt(0));

describe("the type of a file", () => {
  it.each([
    ["\xff\xd8\xff\xe1....", "image/jpeg"],
    ["\x89PNG\r\n\x1a\n", "image/png"],
    ["RIFF\0\0\0\0WEBPVP8 ", "image/webp"],
    ["\0\0\0\x18ftypheic", "image/heic"],
    ["\0\0\0\x18ftypmif1", "image/heic"],
    ["\0\0\0\x18ftypavif", null],
    ["GIF89a", null],
    ["RIFF\0\0\0\0WAVE", null],
    ["", null],
  ])("%j is %s", (head, type) => expect(typeOf(bytes(head))).toBe(type));
});

describe("how a photo goes up", () => {
  it("as it is when it is small", () => expect(plan("image/png", 900_000, { width: 2048, height: 1200 })).toBe("as_it_is"));
  it("drawn anew when it is large, in pixels or in bytes", () => {
    expect(plan("image/jpeg", 900_000, { width: 4032, height: 3024 })).toEqual({ width: 2048, height: 1536 });
    expect(plan("image/jpeg", 5_000_000, { width: 1000, height: 800 })).toEqual({ width: 1000, height: 800 });
  });
  it("drawn anew when only this browser knows its type", () => {
    expect(plan(null, 1000, { width: 400, height: 300 })).toEqual({ width: 400, height: 300 });
    expect(plan("image/heic", 1000, { width: 400, height: 300 })).toEqual({ width: 400, height: 300 });
  });
  it("not at all when a side is too short", () => {
    expect(plan("image/jpeg", 1000, { width: 255, height: 900 })).toBe("too_small");
    expect(plan("image/jpeg", 1000, { width: 256, height: 900 })).toBe("as_it_is");
  });
  it("as it is when shrinking would make a side too short", () => {
    expect(plan("image/jpeg", 3_000_000, { width: 300, height: 4000 })).toBe("as_it_is");
    expect(plan("image/jpeg", MOST_BYTES + 1, { width: 300, height: 4000 })).toBe("too_small");
    expect(plan(null, 3_000_000, { width: 300, height: 4000 })).toBe("too_small");
  });
  it("unseen, when the API may read it", () => {
    expect(planUnseen("image/heic", MOST_BYTES)).toBe("as_it_is");
    expect(planUnseen("image/heic", MOST_BYTES + 1)).toBe("too_large");
    expect(planUnseen(null, 10)).toBe("not_a_photo");
  });
  it("is never enlarged", () => expect(within({ width: 300, height: 200 }, 720)).toEqual({ width: 300, height: 200 }));
  it("leaves HEIC out on iOS, which then makes JPEG of it", () => {
    expect(accepted(true)).not.toContain("hei");
    expect(accepted(false)).toContain(".heic");
  });
});

describe("hints", () => {
  const picture = (luma: (x: number, y: number) => number) =>
    Uint8ClampedArray.from({ length: 64 * 64 * 4 }, (_, at) => (at % 4 === 3 ? 255 : luma((at >> 2) % 64, at >> 8)));
  const hints = (luma: (x: number, y: number) => number) => hintsOf(picture(luma), 64, 64);
  it("has none for what is bright and sharp", () => expect(hints((x, y) => ((x >> 2) + (y >> 2)) % 2 ? 90 : 200)).toEqual([]));
  it("sees what is dark", () => expect(hints((x, y) => ((x >> 2) + (y >> 2)) % 2 ? 10 : 50)).toEqual(["dark"]));
  it("sees what is blurry", () => expect(hints((x) => 80 + x)).toEqual(["blurry"]));
  it("says of what is dark that alone", () => expect(hints(() => 20)).toEqual(["dark"]));
});
