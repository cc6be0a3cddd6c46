import { beforeEach, describe, expect, test, vi } from "vitest";
import { nextOf, withNext } from "../src/money/next";
import { place, settled, wished } from "../src/money/placing";
import { cleaned, dropPayment, keepCard, keepPayment, keptCard, keptPayment, refusal } from "../src/money/returned";
import { cardPage, paymentPage, windowFor } from "../src/money/window";

const storage = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
};
let keep = storage();
let keys = 0;
const newKey = () => `key-${(keys += 1)}`;
beforeEach(() => {
  keep = storage();
  keys = 0;
});

describe("placing an order", () => {
  const ordered = (status: "created" | "paid" | "failed" | "expired") => vi.fn(async (key: string) => ({ id: key, status }));

  test("a second tap, or a reload after a lost answer, asks with the same key", async () => {
    const lost = vi.fn().mockRejectedValue(new Error("lost"));
    await expect(place("pack", lost, keep, newKey)).rejects.toThrow("lost");
    const ask = ordered("created");
    await place("pack", ask, keep, newKey);
    await place("pack", ask, keep, newKey);
    expect([...lost.mock.calls, ...ask.mock.calls]).toEqual([["key-1"], ["key-1"], ["key-1"]]);
    expect(wished(keep)).toBe("pack");
  });

  test("another product is another order", async () => {
    const ask = ordered("created");
    await place("small", ask, keep, newKey);
    await place("large", ask, keep, newKey);
    expect(ask.mock.calls).toEqual([["key-1"], ["key-2"]]);
  });

  test.each(["failed", "expired"] as const)("an order that ended as %s is ordered anew", async (status) => {
    const ask = vi.fn(async (key: string) => ({ id: key, status: key === "key-1" ? status : ("created" as const) }));
    expect((await place("pack", ask, keep, newKey)).id).toBe("key-2");
  });

  test("an order that was paid meanwhile is shown, not bought again", async () => {
    const ask = ordered("paid");
    expect((await place("pack", ask, keep, newKey)).id).toBe("key-1");
    expect(ask).toHaveBeenCalledTimes(1);
  });

  test("what is through is forgotten", async () => {
    const ask = ordered("created");
    await place("pack", ask, keep, newKey);
    settled(keep);
    await place("pack", ask, keep, newKey);
    expect(ask.mock.calls).toEqual([["key-1"], ["key-2"]]);
  });
});

describe("coming back from the window", () => {
  const query = (text: string) => new URLSearchParams(text);

  test("a payment is kept for its own order until it is charged", () => {
    keepPayment("A", query("paymentKey=pk&orderId=A&amount=9900"), keep);
    expect(keptPayment("A", keep)).toEqual({ payment_key: "pk", amount: 9900 });
    expect(keptPayment("B", keep)).toBeNull();
    dropPayment("A", keep);
    expect(keptPayment("A", keep)).toBeNull();
  });

  test.each(["paymentKey=pk&orderId=B&amount=9900", "orderId=A&amount=9900", "paymentKey=pk&orderId=A&amount=x", ""])(
    "what is no payment of the order is not kept: %s",
    (text) => {
      keepPayment("A", query(text), keep);
      expect(keptPayment("A", keep)).toBeNull();
    },
  );

  test("nothing of Toss stays in the address, and the rest does", () => {
    const url = new URL("https://veil.test/orders/A?next=%2Fconfirm&paymentKey=pk&orderId=A&amount=1&paymentType=NORMAL");
    expect(cleaned(url)).toBe("/orders/A?next=%2Fconfirm");
    expect(cleaned(new URL("https://veil.test/plan?authKey=a&customerKey=c"))).toBe("/plan");
  });

  test("a card is kept whole, or not at all", () => {
    keepCard(query("authKey=a"), keep);
    expect(keptCard(keep)).toBeNull();
    keepCard(query("authKey=a&customerKey=c"), keep);
    expect(keptCard(keep)).toEqual({ auth_key: "a", customer_key: "c" });
  });

  test("a refusal has Toss's code", () => {
    expect(refusal(query("code=PAY_PROCESS_CANCELED&message=closed"))).toEqual({ code: "PAY_PROCESS_CANCELED", message: "closed" });
    expect(refusal(query("next=/confirm"))).toBeNull();
  });
});

describe("the page of the window", () => {
  const order = { id: "A", order_name: "크레딧 12개", amount: 9900, currency: "KRW", client_key: "ck", customer_key: "c" } as never;

  test("it opens what was prepared, under its own address alone", () => {
    const path = paymentPage(order, "/confirm", keep)!;
    expect(path).toBe("/pay?order=A");
    const opened = windowFor(new URLSearchParams("order=A"), keep);
    expect(opened).toMatchObject({ kind: "payment", success: "/orders/A?next=%2Fconfirm", fail: "/buy?next=%2Fconfirm" });
    expect(windowFor(new URLSearchParams("order=B"), keep)).toBeNull();
    expect(windowFor(new URLSearchParams("card"), keep)).toBeNull();
  });

  test("a card comes back to the plan", () => {
    expect(cardPage({ client_key: "ck", customer_key: "c" }, null, keep)).toBe("/pay?card");
    expect(windowFor(new URLSearchParams("card="), keep)).toMatchObject({ kind: "card", success: "/plan" });
    expect(windowFor(new URLSearchParams("order=A"), keep)).toBeNull();
  });

  test("an order without a client key has no window", () => {
    expect(paymentPage({ ...(order as object), client_key: null } as never, null, keep)).toBeNull();
  });
});

test.each(["/confirm", "/generations/01J", "/confirm?a=b"])("%s is a place to go on to", (path) => {
  expect(nextOf({ next: path })).toBe(path);
  expect(nextOf(new URL(`https://veil.test${withNext("/buy", path)}`).searchParams)).toBe(path);
});

test.each(["https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)", "", "confirm"])("%s is none", (path) => {
  expect(nextOf({ next: path })).toBeNull();
});
