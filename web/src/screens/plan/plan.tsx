import { useState } from "preact/hooks";
import { products } from "../../api/catalogue";
import { cleaned, isClosed, keepCard, refusal, type Refusal } from "../../money/returned";
import { Failed } from "../../ui/failed";
import { Gate } from "../../ui/gate";
import { Icon } from "../../ui/icons";
import { Show, useLoad } from "../../ui/load";
import { Page } from "../../ui/page";
import { planWords } from "../../words/plan";
import { Offer } from "./offer";
import { Running } from "./running";
import { usePlan, type Known, type Plan } from "./use-plan";
import "./plan.css";

/** The monthly plan: what it is, and what has become of one's own. */
export default function PlanScreen() {
  const [refused] = useState(arrive);
  return <Gate title={planWords().title} back="/me"><Mine refused={refused} /></Gate>;
}

/** Takes what the window came back with out of the address. */
function arrive(): Refusal | null {
  const url = new URL(location.href);
  keepCard(url.searchParams, sessionStorage);
  const refused = refusal(url.searchParams);
  if (refused || url.searchParams.has("authKey")) history.replaceState(history.state, "", cleaned(url));
  return refused;
}

function Mine({ refused }: { refused: Refusal | null }) {
  const known = usePlan();
  const words = planWords();
  const { plan, trouble } = known;
  if (plan?.status === "registering") return <Registering />;
  if (plan && plan.status !== "ended") return <Running plan={plan} known={known} status={plan.status} notice={<Notice known={known} refused={refused} />} />;
  if (trouble) {
    return (
      <Page title={words.title} back="/me">
        <h1 class="visually-hidden">{words.title}</h1>
        <Failed trouble={trouble} again={known.again} />
      </Page>
    );
  }
  return plan === undefined ? <Registering still /> : <Offered before={plan} refused={refused} known={known} />;
}

function Offered({ before, refused, known }: { before: Plan | null; refused: Refusal | null; known: Known }) {
  const words = planWords();
  const found = useLoad(products);
  if (found.value) return <Offer plan={found.value.plan} before={before} notice={<Notice known={known} refused={refused} />} />;
  return (
    <Page title={words.title} back="/me">
      <h1 class="visually-hidden">{words.title}</h1>
      <Show of={found}>{() => null}</Show>
    </Page>
  );
}

/** While it is not known what the plan is, or its first month is being charged. */
function Registering({ still }: { still?: boolean }) {
  const words = planWords();
  return (
    <Page title={words.title} back="/me">
      {still ? (
        <>
          <h1 class="visually-hidden">{words.title}</h1>
          <div class="card shimmer placeholder" />
        </>
      ) : (
        <div class="plan-state">
          <div class="progress shimmer" />
          <h1 class="title">{words.registering}</h1>
          <p class="soft" role="status">{words.registeringText}</p>
        </div>
      )}
    </Page>
  );
}

/** How it ended in the window. */
function Notice({ known, refused }: { known: Known; refused: Refusal | null }) {
  const words = planWords();
  if (refused && !known.cardTaken) {
    const closed = isClosed(refused);
    return (
      <div class="notice" role="status">
        <Icon name="info" />
        <div>
          <p class="heading">{closed ? words.closed : words.notRegistered}</p>
          <p class="small soft">{closed ? words.closedText : words.notRegisteredText}</p>
        </div>
      </div>
    );
  }
  if (known.cardTaken && known.plan && known.plan.status !== "ended") return <p class="notice accent" role="status">{words.cardTaken}</p>;
  return null;
}
