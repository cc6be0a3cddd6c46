import { api, want, type Schemas } from "../../api/client";
import { Button } from "../../ui/button";
import { Failed } from "../../ui/failed";
import { Waiting } from "../../ui/load";
import { usePages } from "../../ui/pages";
import { Row } from "../../ui/row";
import { day, won } from "../../words";
import { creditsWords } from "../../words/credits";
import { orderStatus } from "../../words/money";

const PAGE = 20;

/** Every order; its own page has the receipt and the refund. */
export function Orders() {
  const words = creditsWords();
  const pages = usePages((cursor) => want(api.GET("/orders", { params: { query: { limit: PAGE, ...(cursor ? { cursor } : {}) } } })));
  if (!pages.items) return pages.trouble ? <Failed trouble={pages.trouble} again={pages.load} /> : <Waiting />;
  if (pages.items.length === 0) return <p class="soft">{words.noOrders}</p>;
  return (
    <div class="stack loose">
      <ul class="rows">{pages.items.map((order) => <li key={order.id} class="entry"><Line order={order} /></li>)}</ul>
      {pages.trouble && <Failed trouble={pages.trouble} again={pages.load} />}
      {pages.more && !pages.trouble && <Button kind="quiet" onPress={pages.load}>{words.more}</Button>}
    </div>
  );
}

function Line({ order }: { order: Schemas["Order"] }) {
  const words = creditsWords();
  const note = `${day(order.created_at)} · ${orderStatus()[order.status]}`;
  const back = order.refundable.amount > 0 ? words.refundable(won(order.refundable.amount)) : null;
  return <Row title={order.order_name} note={<>{note}{back && <><br />{back}</>}</>} end={<span class="number">{won(order.amount)}</span>} href={`/orders/${order.id}`} />;
}
