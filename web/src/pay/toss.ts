/** What of Toss's SDK v2 is used here. Source: https://docs.tosspayments.com/sdk/v2/js */
import type { Window } from "../money/window";

interface Ends {
  successUrl: string;
  failUrl: string;
}

interface Payment {
  requestPayment: (asked: Ends & { method: "CARD"; amount: { currency: "KRW"; value: number }; orderId: string; orderName: string }) => Promise<unknown>;
  requestBillingAuth: (asked: Ends & { method: "CARD" }) => Promise<unknown>;
}

export type TossPayments = (clientKey: string) => { payment: (options: { customerKey: string }) => Payment };

/** Open the window: the browser leaves the page, or comes back with a refusal that is thrown. */
export async function open(toss: TossPayments, window: Window, origin: string): Promise<void> {
  const payment = toss(window.client_key).payment({ customerKey: window.customer_key });
  const ends = { method: "CARD" as const, successUrl: origin + window.success, failUrl: origin + window.fail };
  if (window.kind === "card") await payment.requestBillingAuth(ends);
  else {
    const amount = { currency: window.currency, value: window.amount };
    await payment.requestPayment({ ...ends, amount, orderId: window.order, orderName: window.name });
  }
}

/** Where a window goes that was refused in the page itself, as one does that was refused in its own: to its fail URL. */
export function failed(window: Window, error: unknown): string | null {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== "string") return null;
  const url = new URL(window.fail, "https://veil.invalid");
  url.searchParams.set("code", code);
  url.searchParams.set("message", typeof message === "string" ? message : "");
  return url.pathname + url.search;
}
