import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { patiently } from "../src/api/busy";

const busy = () => new Response('{"message":"Too Many Requests"}', { status: 429, headers: { "apigw-requestid": "a" } });
const limited = () => new Response("{}", { status: 429, headers: { "x-request-id": "a", "retry-after": "300" } });
const fine = () => new Response("{}", { headers: { "x-request-id": "a" } });

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The seconds at which it was sent, and the last status; `answers` one after the other, the last one from then on. */
async function sent(...answers: (() => Response)[]) {
  const at: number[] = [];
  const send = () => {
    at.push(Date.now() / 1000);
    return Promise.resolve((answers[at.length - 1] ?? answers.at(-1)!)());
  };
  const end = patiently(send, new AbortController().signal);
  await vi.runAllTimersAsync();
  return { at, status: (await end).status };
}

describe("a request that the gateway's throttle refuses", () => {
  it("is sent again, later each time", async () => expect(await sent(busy, busy, fine)).toEqual({ at: [0, 1, 3], status: 200 }));
  it("is answered at last", async () => expect(await sent(busy)).toEqual({ at: [0, 1, 3, 7], status: 429 }));
  it("is not sent again in step with others", async () => {
    vi.mocked(Math.random).mockReturnValue(0.5);
    expect((await sent(busy, busy, fine)).at).toEqual([0, 1.25, 3.75]);
  });
  it("is not sent again once nobody wants it", async () => {
    const stop = new AbortController();
    const send = vi.fn(() => Promise.resolve(busy()));
    const end = patiently(send, stop.signal);
    await vi.advanceTimersByTimeAsync(500);
    stop.abort();
    await expect(end).rejects.toThrow();
    expect(send).toHaveBeenCalledTimes(1);
  });
});

it("what our own limit refuses is not sent again", async () => expect(await sent(limited, fine)).toEqual({ at: [0], status: 429 }));
