import { useRoute, useLocation } from "preact-iso";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { NoAnswer, Problem } from "../../api/problem";
import { nextOf, withNext } from "../../money/next";
import { cleaned, keepPayment, keptPayment } from "../../money/returned";
import { paymentPage } from "../../money/window";
import { Button, ButtonLink } from "../../ui/button";
import { Failed } from "../../ui/failed";
import { Gate } from "../../ui/gate";
import { Page } from "../../ui/page";
import { declineTitle, moneyWords } from "../../words/money";
import { orderWords } from "../../words/order";
import { titleOf } from "../../words/problems";
import { Details } from "./details";
import { Paid } from "./paid";
import { isOver, useOrder, type Known, type Order, type Refundable } from "./use-order";
import "./order.css";

/** One order, from the window's return until it is paid, and for ever after. */
export default function OrderScreen() {
  const { id = "" } = useRoute().params;
  return <Arrived key={id} id={id} />;
}

function Arrived({ id }: { id: string }) {
  const [fresh] = useState(() => arrive(id));
  return <Gate title={orderWords().title} back="/credits"><Followed id={id} fresh={fresh} /></Gate>;
}

/** Takes what the window made out of the address; answers whether there is something to confirm. */
function arrive(id: string): boolean {
  const url = new URL(location.href);
  keepPayment(id, url.searchParams, sessionStorage);
  if (url.searchParams.has("paymentKey")) history.replaceState(history.state, "", cleaned(url));
  return keptPayment(id, sessionStorage) !== null;
}

function Followed({ id, fresh }: { id: string; fresh: boolean }) {
  const known = useOrder(id);
  const [back, setBack] = useState<Refundable | null>(null);
  const next = nextOf(useLocation().query);
  const { order, trouble } = known;
  if (trouble && (!order || fresh)) return <NotPaid known={known} next={next} />;
  if (!order) return <Waiting known={known} />;
  const paid = <Paid known={known} order={order} fresh={fresh} next={next} gaveBack={back} onGiveBack={setBack} />;
  return order.status === "paid" ? paid : <Unpaid status={order.status} known={known} order={order} next={next} />;
}

type Unpaid = Exclude<Order["status"], "paid">;

function Unpaid({ status, known, order, next }: { status: Unpaid; known: Known; order: Order; next: string | null }) {
  switch (status) {
    case "confirming":
      return <Waiting known={known} />;
    case "created":
      return <Created order={order} next={next} />;
    case "failed":
    case "expired":
      return <Plain order={order} what={status} dock={<ButtonLink href={withNext("/buy", next)}>{orderWords().orderAgain}</ButtonLink>} />;
    case "refunding":
    case "refunded":
    case "review":
      return <Plain order={order} what={status} />;
  }
}

function Waiting({ known }: { known: Known }) {
  const words = orderWords();
  return (
    <Page title={words.confirming} back="/credits">
      <div class="order-state">
        <div class="progress shimmer" />
        <h1 class="title">{words.confirming}</h1>
        <p class="soft" role="status">{known.slow ? words.slow : words.confirmingText}</p>
      </div>
    </Page>
  );
}

function Created({ order, next }: { order: Order; next: string | null }) {
  const words = orderWords();
  const pay = () => {
    const page = paymentPage(order, next, sessionStorage);
    if (page) location.assign(page);
  };
  return <Plain order={order} what="created" dock={order.client_key && <Button onPress={pay}>{words.pay}</Button>} />;
}

type Told = Exclude<Unpaid, "confirming">;

function Plain({ order, what, dock }: { order: Order; what: Told; dock?: ComponentChildren }) {
  const words = orderWords();
  return (
    <Page title={words[what]} back="/credits" dock={dock}>
      <div class="stack loose">
        <div role="status">
          <h1 class="title">{words[what]}</h1>
          <p class="lead">{words[`${what}Text`]}</p>
        </div>
        <Details order={order} />
      </div>
    </Page>
  );
}

/** Why nobody was charged, and the way on; or that nobody knows yet. */
function NotPaid({ known, next }: { known: Known; next: string | null }) {
  const words = orderWords();
  const { trouble, again } = known;
  if (trouble instanceof Problem && isOver(trouble)) return <Refused problem={trouble} next={next} />;
  return (
    <Page title={words.title} back="/credits">
      <h1 class="visually-hidden">{trouble instanceof NoAnswer ? words.confirming : words.title}</h1>
      {trouble && <Failed trouble={trouble} again={again} />}
    </Page>
  );
}

/** Nothing was charged for this order, and nothing will be. */
function Refused({ problem, next }: { problem: Problem; next: string | null }) {
  const words = orderWords();
  const { decline } = problem.body;
  const title = (decline && declineTitle()[decline.code]) ?? titleOf(problem.code, problem.status);
  return (
    <Page title={title} back="/credits" dock={<ButtonLink href={withNext("/buy", next)}>{decline ? words.otherWay : words.orderAgain}</ButtonLink>}>
      <div class="failed" role="alert">
        <h1 class="title">{title}</h1>
        <p class="soft">{decline?.detail ?? problem.detail}</p>
        {decline && <p class="small soft">{moneyWords().notCharged}</p>}
      </div>
    </Page>
  );
}
