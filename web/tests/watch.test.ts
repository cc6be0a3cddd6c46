import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { follow } from "../src/api/follow";
import { NoAnswer, Problem } from "../src/api/problem";
import type { Generation } from "../src/generations/addresses";
import { watching, type Seen } from "../src/generations/watch";
import { generation, MINUTE, NOON, refunded, stored, waiting } from "./generation";

const making = generation([waiting(0), waiting(1)]);
const half = generation([stored(0, "/0", NOON + 15 * MINUTE), waiting(1)]);
const done = generation([stored(0, "/0", NOON + 15 * MINUTE), refunded(1)], { status: "partial" });
const failed = generation([refunded(0), refunded(1)], { status: "failed" });

const seen = (body: Generation | undefined, etag: string, retryAfter: number | null = 2): Seen => ({ generation: body, etag, retryAfter });

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** An API that gives these answers one after the other, and remembers what it was asked with. */
function api(...answers: (Seen | Error)[]) {
  const asked: [number, string | null][] = [];
  const ask = (etag: string | null) => {
    asked.push([(Date.now() - NOON) / 1000, etag]);
    const answer = answers[asked.length - 1];
    return answer instanceof Error || !answer ? Promise.reject(answer ?? new NoAnswer()) : Promise.resolve(answer);
  };
  return { ask, asked };
}

describe("watching a generation", () => {
  it("asks with the etag of what it has, as often as it is told, and keeps what has not changed", async () => {
    const { ask, asked } = api(seen(making, "a"), seen(undefined, "a", 3), seen(half, "b", 1), seen(failed, "c", null));
    const shown: Generation[] = [];
    const end = follow(watching(ask), (value) => shown.push(value), new AbortController().signal);
    await vi.runAllTimersAsync();
    await end;
    expect(asked).toEqual([[0, null], [2, "a"], [5, "a"], [6, "b"]]);
    expect(shown).toEqual([making, making, half, failed]);
  });

  it("looks once more when the addresses end, and no more where there are none", async () => {
    const { ask, asked } = api(seen(done, "a", null), seen(failed, "b", null));
    const end = follow(watching(ask), () => undefined, new AbortController().signal);
    await vi.runAllTimersAsync();
    await end;
    expect(asked.map(([at]) => at)).toEqual([0, 14 * 60]);
  });

  it("goes on after no answer, later each time, with the etag that it had", async () => {
    const { ask, asked } = api(seen(half, "a"), new NoAnswer(), new NoAnswer(), seen(undefined, "a"), seen(failed, "b"));
    const end = follow(watching(ask), () => undefined, new AbortController().signal);
    await vi.runAllTimersAsync();
    await end;
    expect(asked).toEqual([[0, null], [2, "a"], [4, "a"], [8, "a"], [10, "a"]]);
  });

  it("does not come in step with others", async () => {
    vi.mocked(Math.random).mockReturnValue(0.5);
    const { ask, asked } = api(seen(making, "a", 2), new NoAnswer(), seen(undefined, "a"), seen(failed, "b"));
    const end = follow(watching(ask), () => undefined, new AbortController().signal);
    await vi.runAllTimersAsync();
    await end;
    expect(asked.map(([at]) => at)).toEqual([0, 2.5, 5, 7.5]);
  });

  it("goes on while the gateway is busy, for however long, and tells nobody", async () => {
    const busy = () => new Problem(new Response(null, { status: 429, headers: { "apigw-requestid": "a" } }), {});
    const { ask, asked } = api(seen(making, "a"), ...Array.from({ length: 7 }, busy), seen(failed, "b"));
    const shown: Generation[] = [];
    const end = follow(watching(ask), (value) => shown.push(value), new AbortController().signal);
    await vi.runAllTimersAsync();
    await end;
    expect(asked.map(([at]) => at)).toEqual([0, 2, 4, 8, 16, 32, 62, 92, 122]);
    expect(shown).toEqual([making, failed]);
  });

  it("ends with the screen", async () => {
    const { ask, asked } = api(seen(making, "a"), seen(half, "b"));
    const stop = new AbortController();
    const end = follow(watching(ask), () => undefined, stop.signal);
    await vi.advanceTimersByTimeAsync(1000);
    stop.abort();
    await end;
    await vi.runAllTimersAsync();
    expect(asked).toHaveLength(1);
  });
});
