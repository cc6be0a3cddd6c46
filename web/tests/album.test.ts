import { describe, expect, it } from "vitest";
import { byMonth, withFirst, withNext, without } from "../src/generations/album";
import { generation } from "./generation";

const page = (ids: string, next_cursor: string | null) => ({ items: [...ids].map((id) => ({ id })), next_cursor });
const pages = (ids: string, cursor: string | null) => ({ ids: [...ids], cursor });

describe("the album", () => {
  it("grows by pages, and shows nothing twice when one was made in between", () => {
    expect(withNext(pages("dcb", "2"), page("ba", null))).toEqual(pages("dcba", null));
  });
  it("that is opened again keeps what was loaded behind the first page", () => {
    expect(withFirst(pages("dcba", "4"), page("edc", "1"))).toEqual(pages("edcba", "4"));
    expect(withFirst(pages("dcb", "3"), page("dcb", "1"))).toEqual(pages("dcb", "1"));
  });
  it("starts again where the pages no longer touch, or there is only one", () => {
    expect(withFirst(undefined, page("cb", "1"))).toEqual(pages("cb", "1"));
    expect(withFirst(pages("ba", null), page("fed", "1"))).toEqual(pages("fed", "1"));
    expect(withFirst(pages("cba", null), page("b", null))).toEqual(pages("b", null));
    expect(withFirst(pages("cba", null), page("", null))).toEqual(pages("", null));
  });
  it("loses what is deleted", () => {
    expect(without(pages("cba", "3"), "b")).toEqual(pages("ca", "3"));
  });
  it("is told by months, in its own order", () => {
    const made = (id: string, created_at: string) => generation([], { id, created_at });
    const months = byMonth(
      [made("c", "2026-11-02T00:00:00Z"), made("b", "2026-11-01T00:00:00Z"), made("a", "2026-10-31T00:00:00Z")],
      (time) => time.slice(0, 7),
    );
    expect(months.map(([name, those]) => [name, those.map((one) => one.id)])).toEqual([["2026-11", ["c", "b"]], ["2026-10", ["a"]]]);
  });
});
