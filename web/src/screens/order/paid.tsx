import { useState } from "preact/hooks";
import { api, want } from "../../api/client";
import { ButtonLink } from "../../ui/button";
import { Confirm } from "../../ui/confirm";
import { Icon } from "../../ui/icons";
import { useLoad } from "../../ui/load";
import { Page } from "../../ui/page";
import { Row } from "../../ui/row";
import { won } from "../../words";
import { orderWords } from "../../words/order";
import { Details } from "./details";
import { refund, type Known, type Order, type Refundable } from "./use-order";

interface PaidProps {
  known: Known;
  order: Order;
  /** Whether it was paid just now. */
  fresh: boolean;
  next: string | null;
  /** What was given back just now. */
  gaveBack: Refundable | null;
  onGiveBack: (back: Refundable) => void;
}

/** What was bought, and how to give back what of it is unspent. */
export function Paid({ known, order, fresh, next, gaveBack, onGiveBack }: PaidProps) {
  const words = orderWords();
  const [asks, setAsks] = useState(false);
  const { credits, amount } = order.refundable;
  const giveBack = async () => {
    const after = await refund(order.id, credits);
    onGiveBack({ credits, amount });
    known.set(after);
    setAsks(false);
  };
  const close = () => {
    setAsks(false);
    known.again(); // what can be refunded may have changed meanwhile
  };
  const thanks = fresh && !gaveBack;
  const dock = (thanks || (next && !gaveBack)) && <ButtonLink href={next ?? "/photo"}>{words.goOn}</ButtonLink>;
  return (
    <Page title={thanks ? words.thanks(order.credits) : words.paid} back="/credits" dock={dock}>
      <div class="stack loose">
        {thanks ? (
          <Thanks order={order} />
        ) : (
          <div role="status">
            <h1 class="title">{gaveBack ? words.refunded : words.paid}</h1>
            {gaveBack && <p class="lead">{words.gaveBack(gaveBack.credits, won(gaveBack.amount))} {words.refundedText}</p>}
          </div>
        )}
        <Details order={order}>
          {credits > 0 && <Row title={words.refund(credits)} note={words.refundNote(won(amount))} onPress={() => setAsks(true)} />}
        </Details>
      </div>
      {asks && (
        <Confirm title={words.ask} action={words.askAction(won(amount))} onConfirm={giveBack} onClose={close}>
          <p class="soft">{words.askText(credits, won(amount))}</p>
        </Confirm>
      )}
    </Page>
  );
}

function Thanks({ order }: { order: Order }) {
  const words = orderWords();
  const balance = useLoad(() => want(api.GET("/credits"))).value;
  return (
    <div class="order-thanks" role="status">
      <span class="order-mark"><Icon name="check" size={28} /></span>
      <h1 class="title">{words.thanks(order.credits)}</h1>
      <p class="lead">{balance && words.balance(balance.available)}</p>
    </div>
  );
}
