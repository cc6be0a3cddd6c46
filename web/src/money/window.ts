/** What the page of Toss's window is told by the page before it: it asks the API for nothing. */
import type { Schemas } from "../api/client";
import { withNext } from "./next";
import { read, write, type Keep } from "./kept";

interface Way {
  client_key: string;
  customer_key: string;
  /** Paths of this client, to which the window sends the browser. */
  success: string;
  fail: string;
}

export interface PaymentWindow extends Way {
  kind: "payment";
  order: string;
  name: string;
  amount: number;
  currency: "KRW";
}

export interface CardWindow extends Way {
  kind: "card";
}

export type Window = PaymentWindow | CardWindow;

const WINDOW = "veil.window";

/** Prepare the window for an order; answers the page that opens it. Null where the order has no window. */
export function paymentPage(order: Schemas["Order"], next: string | null, keep: Keep): string | null {
  if (!order.client_key) return null;
  write<PaymentWindow>(keep, WINDOW, {
    kind: "payment",
    order: order.id,
    name: order.order_name,
    amount: order.amount,
    currency: order.currency,
    client_key: order.client_key,
    customer_key: order.customer_key,
    success: withNext(`/orders/${order.id}`, next),
    fail: withNext("/buy", next),
  });
  return `/pay?order=${order.id}`;
}

/** Prepare the window in which a card is registered; answers the page that opens it. */
export function cardPage(card: Schemas["CardWindow"], next: string | null, keep: Keep): string {
  const back = withNext("/plan", next);
  write<CardWindow>(keep, WINDOW, { kind: "card", ...card, success: back, fail: back });
  return "/pay?card";
}

/** The window that the page at this query is for. */
export function windowFor(query: URLSearchParams, keep: Keep): Window | null {
  const kept = read<Window>(keep, WINDOW);
  if (!kept) return null;
  return kept.kind === "card" ? (query.has("card") ? kept : null) : query.get("order") === kept.order ? kept : null;
}

/** Nothing is left to pay in it. */
export const closeWindow = (keep: Keep): void => keep.removeItem(WINDOW);
