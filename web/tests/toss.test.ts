import { expect, test, vi } from "vitest";
import type { Window } from "../src/money/window";
import { failed, open } from "../src/pay/toss";

const way = { client_key: "test_ck_1", customer_key: "customer", success: "/orders/A?next=%2Fconfirm", fail: "/buy?next=%2Fconfirm" };
const payment: Window = { kind: "payment", order: "A", name: "크레딧 12개", amount: 9900, currency: "KRW", ...way };
const card: Window = { kind: "card", ...way, success: "/plan", fail: "/plan" };

function toss() {
  const requestPayment = vi.fn(async () => undefined);
  const requestBillingAuth = vi.fn(async () => undefined);
  const payment = vi.fn(() => ({ requestPayment, requestBillingAuth }));
  return { TossPayments: vi.fn(() => ({ payment })), payment, requestPayment, requestBillingAuth };
}

test("a payment's window is opened with the order as it was placed", async () => {
  const { TossPayments, payment: of, requestPayment } = toss();
  await open(TossPayments, payment, "https://veil.test");
  expect(TossPayments).toHaveBeenCalledWith("test_ck_1");
  expect(of).toHaveBeenCalledWith({ customerKey: "customer" });
  expect(requestPayment).toHaveBeenCalledWith({
    method: "CARD",
    amount: { currency: "KRW", value: 9900 },
    orderId: "A",
    orderName: "크레딧 12개",
    successUrl: "https://veil.test/orders/A?next=%2Fconfirm",
    failUrl: "https://veil.test/buy?next=%2Fconfirm",
  });
});

test("a card's window asks for nothing but a card", async () => {
  const { TossPayments, requestPayment, requestBillingAuth } = toss();
  await open(TossPayments, card, "https://veil.test");
  expect(requestBillingAuth).toHaveBeenCalledWith({ method: "CARD", successUrl: "https://veil.test/plan", failUrl: "https://veil.test/plan" });
  expect(requestPayment).not.toHaveBeenCalled();
});

test("what is refused in the page goes where a window's refusal goes", () => {
  expect(failed(payment, { code: "USER_CANCEL", message: "closed" })).toBe("/buy?next=%2Fconfirm&code=USER_CANCEL&message=closed");
  expect(failed(card, { code: "INVALID_CARD" })).toBe("/plan?code=INVALID_CARD&message=");
});

test("a defect is no refusal", () => {
  expect(failed(payment, new TypeError("undefined"))).toBeNull();
  expect(failed(payment, null)).toBeNull();
});
