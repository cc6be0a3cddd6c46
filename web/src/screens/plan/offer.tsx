import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Schemas } from "../../api/client";
import { Problem } from "../../api/problem";
import { Button, useAction } from "../../ui/button";
import { Failed } from "../../ui/failed";
import { Icon } from "../../ui/icons";
import { Page } from "../../ui/page";
import { won } from "../../words";
import { declineTitle, moneyWords } from "../../words/money";
import { planStatus, planWords } from "../../words/plan";
import { useCardWindow, type Plan } from "./use-plan";

/** The plan as it can be bought; `before`: one that has ended. */
export function Offer({ plan, before, notice }: { plan: Schemas["Plan"]; before: Plan | null; notice: ComponentChildren }) {
  const words = planWords();
  const money = moneyWords();
  const [agreed, agree] = useState(false);
  const [asked, setAsked] = useState(false);
  const { trouble, run } = useAction();
  const open = useCardWindow();
  const begin = () => (agreed ? run(open) : setAsked(true));
  const closed = trouble instanceof Problem && trouble.code === "payments_unavailable";
  return (
    <Page title={words.title} back="/me" dock={!trouble && <Button onPress={begin}>{words.begin}</Button>}>
      <div class="stack loose">
        {notice}
        {before && <Ended plan={before} />}
        <div>
          <h1 class="title">{words.headline(money.images(plan.credits))}</h1>
          <p class="lead">{words.lead(won(plan.amount))}</p>
        </div>
        <ul class="plan-promises">
          {words.promises.map((promise) => <li key={promise}><Icon name="check" size={20} />{promise}</li>)}
        </ul>
        <div>
          <label class="choice card plan-agree">
            <input type="checkbox" checked={agreed} aria-describedby={asked && !agreed ? "agree-first" : undefined} onChange={(event) => agree(event.currentTarget.checked)} />
            <span>{words.agree(won(plan.amount))}</span>
          </label>
          <p id="agree-first" class="plan-first small" role="alert">{asked && !agreed ? words.agreeFirst : ""}</p>
        </div>
        {closed ? <p class="notice">{money.nothing}</p> : trouble && <Failed trouble={trouble} again={begin} />}
      </div>
    </Page>
  );
}

function Ended({ plan }: { plan: Plan }) {
  return (
    <div class="notice" role="status">
      <Icon name="info" />
      <div>
        <p class="heading">{plan.decline ? declineTitle()[plan.decline.code] : planStatus().ended}</p>
        {plan.decline && <p class="small soft">{plan.decline.detail}</p>}
      </div>
    </div>
  );
}
