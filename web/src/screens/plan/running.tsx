import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { api, want, type Schemas } from "../../api/client";
import { nextOf } from "../../money/next";
import { Button, ButtonLink, useAction } from "../../ui/button";
import { Confirm } from "../../ui/confirm";
import { Failed } from "../../ui/failed";
import { Icon } from "../../ui/icons";
import { Page } from "../../ui/page";
import { Row } from "../../ui/row";
import { day, won } from "../../words";
import { moneyWords } from "../../words/money";
import { planStatus, planWords } from "../../words/plan";
import { useCardWindow, type Known, type Plan } from "./use-plan";

type Status = Exclude<Schemas["SubscriptionStatus"], "registering" | "ended">;

/** A plan that runs, or still lasts. */
export function Running({ plan, known, status, notice }: { plan: Plan; known: Known; status: Status; notice: ComponentChildren }) {
  const words = planWords();
  const next = nextOf(useLocation().query);
  const [asks, setAsks] = useState(false);
  const { trouble, run } = useAction();
  const open = useCardWindow();
  const window = () => run(open);
  const until = plan.paid_until && day(plan.paid_until);
  const end = async () => {
    known.set((await want(api.DELETE("/subscriptions/current"))) as Plan);
    setAsks(false);
  };
  return (
    <Page title={words.title} back="/me" dock={!trouble && dockOf(status, known.cardTaken, next, window)}>
      <div class="stack loose">
        {notice}
        <div role="status">
          <h1 class="title">{planStatus()[status]}</h1>
          <p class="lead">{plan.decline ? plan.decline.detail : words.monthly(moneyWords().images(plan.credits), won(plan.amount))}</p>
        </div>
        {plan.new_amount !== null && <NewPrice plan={plan} price={plan.new_amount} known={known} />}
        <div class="rows">
          <Row title={words.price} end={moneyWords().monthly(won(plan.amount))} />
          {until && status !== "past_due" && <Row title={status === "active" ? words.nextCharge : words.lasts} end={status === "active" ? until : words.until(until)} />}
          {plan.card && <Row title={words.card} end={<span class="number">{plan.card}</span>} />}
          {status === "active" && <Row title={words.changeCard} onPress={window} />}
          {status !== "ending" && <Row title={words.end} onPress={() => setAsks(true)} />}
        </div>
        {trouble && <Failed trouble={trouble} again={window} />}
      </div>
      {asks && (
        <Confirm title={words.endAsk} action={words.end} onConfirm={end} onClose={() => setAsks(false)}>
          <p class="soft">{until && status === "active" ? words.endText(until) : words.endTextNow}</p>
        </Confirm>
      )}
    </Page>
  );
}

function dockOf(status: Status, cardTaken: boolean, next: string | null, window: () => Promise<void>): ComponentChildren {
  const words = planWords();
  if (status === "past_due") return <Button onPress={window}>{words.otherCard}</Button>;
  if (status === "ending") return <Button onPress={window}>{words.carryOn}</Button>;
  return (next || cardTaken) && <ButtonLink href={next ?? "/photo"}>{words.goOn}</ButtonLink>;
}

/** A price that rises needs the person's word; without it the plan ends. */
function NewPrice({ plan, price, known }: { plan: Plan; price: number; known: Known }) {
  const words = planWords();
  const { trouble, run } = useAction();
  const agree = () =>
    run(async () => known.set((await want(api.PUT("/subscriptions/current", { body: { amount: price } }))) as Plan));
  return (
    <section class="plan-price-change" aria-labelledby="new-price">
      <Icon name="info" />
      <h2 class="heading" id="new-price">{words.newPrice}</h2>
      <p>{words.newPriceText(won(plan.amount), won(price), plan.paid_until ? day(plan.paid_until) : "")}</p>
      {trouble ? <Failed trouble={trouble} again={agree} /> : <Button kind="line" onPress={agree}>{words.newPriceAgree(won(price))}</Button>}
    </section>
  );
}
