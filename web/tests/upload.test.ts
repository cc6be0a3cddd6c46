import { describe, expect, it } from "vitest";
import { NoAnswer, Problem, SignedOut } from "../src/api/problem";
import { secondsBefore } from "../src/draft/repeat";
import { IDLE, next, NotSent, wayOn, type Event, type Upload } from "../src/upload/machine";

const problem = (status: number, code = "", retryAfter?: number) =>
  new Problem(new Response(null, { status, headers: retryAfter ? { "retry-after": String(retryAfter) } : {} }), { code });

const run = (...events: Event[]) => events.reduce<Upload>(next, IDLE);
const seen = (status: "pending" | "checking" | "ready" | "rejected", code?: "no_face"): Event => ({
  is: "seen",
  upload: { upload_id: "u", status, reason: code ? { code, detail: "" } : null },
});

describe("an upload", () => {
  it("is sent, checked and ready", () => {
    expect(run({ is: "begun" })).toEqual({ at: "sending", percent: 0 });
    expect(run({ is: "begun" }, { is: "progressed", percent: 40 })).toEqual({ at: "sending", percent: 40 });
    expect(run({ is: "begun" }, { is: "arrived" })).toEqual({ at: "checking" });
    expect(run({ is: "arrived" }, seen("pending"), seen("checking"))).toEqual({ at: "checking" });
    expect(run({ is: "arrived" }, seen("ready"))).toEqual({ at: "ready", id: "u" });
  });
  it("never goes back before the person's eyes", () => {
    const interrupted = run({ is: "begun" }, { is: "progressed", percent: 70 }, { is: "interrupted" });
    expect(interrupted).toEqual({ at: "waiting", percent: 70 });
    expect(next(interrupted, { is: "progressed", percent: 5 })).toEqual({ at: "sending", percent: 70 });
  });
  it("is rejected with its reason", () => expect(run(seen("rejected", "no_face"))).toEqual({ at: "rejected", reason: "no_face" }));
  it("begins anew with another photo", () => expect(run(seen("rejected", "no_face"), { is: "begun" })).toEqual({ at: "sending", percent: 0 }));
  it("waits for consent", () => expect(run({ is: "begun" }, { is: "asked" })).toEqual({ at: "consent" }));
  it("stops", () => expect(run({ is: "begun" }, { is: "stopped" })).toEqual(IDLE));
});

describe("the way on after a failure", () => {
  it.each([
    ["no answer", new NoAnswer(), 2, { do: "wait", seconds: 4 }],
    ["the service is away", problem(503, "temporarily_unavailable", 7), 1, { do: "wait", seconds: 7 }],
    ["a short limit", problem(429, "rate_limited", 20), 1, { do: "wait", seconds: 20 }],
    ["no consent", problem(403, "consent_required"), 1, { do: "consent" }],
    ["signed out", new SignedOut(), 1, { do: "stop" }],
    ["no token", problem(401), 1, { do: "stop" }],
    ["another's upload", problem(404, "upload_not_found"), 1, { do: "place" }],
    ["the place expired", new NotSent(403), 1, { do: "place" }],
    ["damaged on its way", new NotSent(400), 1, { do: "place" }],
    ["it is there already", new NotSent(412), 5, { do: "arrived" }],
    ["the line broke", new NotSent(0), 1, { do: "wait", seconds: 2 }],
    ["the bucket is busy", new NotSent(503), 3, { do: "wait", seconds: 8 }],
  ])("%s", (_, error, tries, way) => expect(wayOn(error, tries)).toEqual(way));
  it.each([
    ["too large", problem(413, "file_too_large"), 1],
    ["no photo", problem(415, "unsupported_type"), 1],
    ["a long limit", problem(429, "rate_limited", 300), 1],
    ["no answer, again and again", new NoAnswer(), 5],
    ["an upload that is never found", problem(404, "upload_not_found"), 5],
  ])("%s is the person's to decide", (_, trouble, tries) => expect(wayOn(trouble, tries)).toEqual({ do: "fail", trouble }));
  it("gives a bucket up that never answers", () => expect(wayOn(new NotSent(403), 5)).toMatchObject({ do: "fail" }));
  it("does not know what is no trouble", () => expect(wayOn(new TypeError("a defect"), 1)).toBeNull());
});

describe("the start is asked for again by itself", () => {
  it.each([
    ["no answer", new NoAnswer(), 1, 2],
    ["the check still runs", problem(409, "upload_not_ready", 1), 3, 1],
    ["the service is away", problem(503, "temporarily_unavailable", 5), 1, 5],
    ["the gateway is busy", problem(429), 1, 2],
    ["the gateway does not reach it", problem(503), 2, 4],
    ["four times and no more", new NoAnswer(), 4, null],
    ["no provider", problem(503, "provider_unavailable", 5), 1, null],
    ["too many", problem(429, "rate_limited", 5), 1, null],
    ["no credits", problem(402, "insufficient_credits"), 1, null],
    ["a defect", new TypeError(), 1, null],
  ])("%s", (_, error, tries, seconds) => expect(secondsBefore(error, tries)).toBe(seconds));
});
