/** What Toss's window sends back with: in the address, from where it is taken at once. */
import { read, write, type Keep } from "./kept";

export interface Payment {
  payment_key: string;
  amount: number;
}

export interface Card {
  auth_key: string;
  customer_key: string;
}

/** Why the window sent nobody's money: `code` is Toss's, `message` its words for the person. */
export interface Refusal {
  code: string;
  message: string;
}

const TOSS = ["paymentKey", "orderId", "amount", "paymentType", "authKey", "customerKey", "code", "message"];
const paymentOf = (order: string) => `veil.payment.${order}`;
const CARD = "veil.card";
const CLOSED: ReadonlySet<string> = new Set(["PAY_PROCESS_CANCELED", "USER_CANCEL"]); // in a window, and in a frame of ours

/** The address without what is Toss's. */
export function cleaned(url: URL): string {
  const query = new URLSearchParams(url.search);
  for (const name of TOSS) query.delete(name);
  return url.pathname + (query.size ? `?${query}` : "");
}

/** Keep the payment that the window made for `order`, until it is charged: a reload confirms it again. */
export function keepPayment(order: string, query: URLSearchParams, keep: Keep): void {
  const key = query.get("paymentKey");
  const amount = Number(query.get("amount"));
  if (key && query.get("orderId") === order && Number.isInteger(amount)) write<Payment>(keep, paymentOf(order), { payment_key: key, amount });
}

export const keptPayment = (order: string, keep: Keep): Payment | null => read<Payment>(keep, paymentOf(order));
export const dropPayment = (order: string, keep: Keep): void => keep.removeItem(paymentOf(order));

/** Keep the card that the window registered, until the plan has it. */
export function keepCard(query: URLSearchParams, keep: Keep): void {
  const [auth_key, customer_key] = [query.get("authKey"), query.get("customerKey")];
  if (auth_key && customer_key) write<Card>(keep, CARD, { auth_key, customer_key });
}

export const keptCard = (keep: Keep): Card | null => read<Card>(keep, CARD);
export const dropCard = (keep: Keep): void => keep.removeItem(CARD);

/** Why the window was left without a payment; null where it was not. */
export function refusal(query: URLSearchParams): Refusal | null {
  const code = query.get("code");
  return code ? { code, message: query.get("message") ?? "" } : null;
}

/** The person closed the window: nothing went wrong. */
export const isClosed = (refused: Refusal): boolean => CLOSED.has(refused.code);
