import type { ComponentChildren } from "preact";
import { Row } from "../../ui/row";
import { moment, won } from "../../words";
import { moneyWords } from "../../words/money";
import { orderWords } from "../../words/order";
import type { Order } from "./use-order";

/** What was ordered, and its receipt; `children`: more rows. */
export function Details({ order, children }: { order: Order; children?: ComponentChildren }) {
  const words = orderWords();
  return (
    <section aria-label={words.details} class="rows">
      <Row title={words.product} end={order.order_name} />
      <Row title={words.amount} end={<span class="number">{won(order.amount)}</span>} />
      <Row title={order.paid_at ? words.when : words.placed} end={moment(order.paid_at ?? order.created_at)} />
      <Row title={words.number} end={<span class="order-number small">{order.id}</span>} />
      {order.receipt_url && <Row title={moneyWords().receipt} href={order.receipt_url} outside />}
      {children}
    </section>
  );
}
