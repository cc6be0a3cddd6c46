import { describe, expect, it } from "vitest";
import { madeAt } from "../src/generations/ages";
import { draftOf, EMPTY, fresh, hasPhoto, nextStep, wantedOf, type Draft } from "../src/draft/draft";

const HOUR = 3_600_000;
const PHOTO = { id: "p", file: new Blob(["x"]), type: "image/jpeg" as const, hints: [] };
const SENT = { id: "u", arrived: true, at: 0 };
const whole: Draft = { ...EMPTY, photo: PHOTO, upload: SENT, style: "classic", role: null };

describe("a draft that was kept", () => {
  it("is empty where there was none", () => expect(fresh(undefined, 1)).toEqual(EMPTY));
  it("stays for a day", () => {
    const kept = { ...whole, upload: null, changedAt: 0 };
    expect(fresh(kept, 24 * HOUR)).toEqual(kept);
    expect(fresh(kept, 24 * HOUR + 1)).toEqual(EMPTY);
  });
  it("sends its photo anew once the API takes the old one no more", () => {
    const kept = { ...whole, changedAt: 20 * HOUR };
    expect(fresh(kept, 23 * HOUR).upload).toEqual(SENT);
    expect(fresh(kept, 23.9 * HOUR)).toEqual({ ...kept, upload: null });
  });
  it("has no photo left when only the upload was", () => {
    const left = fresh({ ...whole, photo: null, preview: new Blob(["p"]), changedAt: 20 * HOUR }, 24 * HOUR);
    expect(hasPhoto(left)).toBe(false);
    expect(left.preview).toBeNull();
    expect(left.style).toBe("classic");
  });
});

describe("the next step", () => {
  it("is the first thing that is missing", () => {
    expect(nextStep(EMPTY)).toBe("/photo");
    expect(nextStep({ ...EMPTY, photo: PHOTO })).toBe("/style");
    expect(nextStep({ ...EMPTY, photo: PHOTO, style: "classic" })).toBe("/role");
    expect(nextStep(whole)).toBe("/confirm");
  });
  it("asks for another photo alone, after one was rejected", () => {
    expect(nextStep({ ...whole, photo: null, upload: null })).toBe("/photo");
    expect(nextStep({ ...whole, upload: null })).toBe("/confirm");
  });
  it("takes a photo that the API has for one", () => {
    expect(nextStep({ ...EMPTY, upload: SENT })).toBe("/style");
    expect(nextStep({ ...EMPTY, upload: { ...SENT, arrived: false } })).toBe("/photo");
  });
});

describe("the request", () => {
  const keys = () => {
    let count = 0;
    return () => `key-${(count += 1)}`;
  };
  it("needs everything", () => {
    for (const lack of [{ upload: null }, { style: null }, { role: undefined }]) expect(wantedOf({ ...whole, ...lack }, keys())).toBeNull();
  });
  it("leaves the role out where the model may choose", () => {
    expect(wantedOf(whole, keys())!.body).toEqual({ upload_id: "u", style: "classic" });
    expect(wantedOf({ ...whole, role: "bride" }, keys())!.body.role).toBe("bride");
  });
  it("keeps its key while it asks for the same, and only then", () => {
    const make = keys();
    const first = wantedOf(whole, make)!;
    const asked = { ...whole, wanted: first };
    expect(wantedOf(asked, make)).toBe(first);
    for (const other of [{ role: "groom" as const }, { style: "modern" }, { upload: { ...SENT, id: "v" } }]) {
      expect(wantedOf({ ...asked, ...other }, make)!.key).not.toBe(first.key);
    }
  });
});

describe("a photo that was sent before", () => {
  const ID = "01KANE3T7Q8Z9A1B2C3D4E5F6G";
  it("asks for a style, and no more", () => {
    const at = madeAt(ID);
    const draft = draftOf(ID, null, "bride", at + HOUR)!;
    expect(nextStep(draft)).toBe("/style");
    expect(nextStep({ ...draft, style: "modern" })).toBe("/confirm");
    expect(fresh(draft, at + HOUR)).toEqual(draft);
  });
  it("is a day old at most", () => {
    const at = madeAt(ID);
    expect(draftOf(ID, null, null, at + 23.8 * HOUR)).not.toBeNull();
    expect(draftOf(ID, null, null, at + 23.9 * HOUR)).toBeNull();
    expect(draftOf("nonsense", null, null, at)).toBeNull();
  });
});
