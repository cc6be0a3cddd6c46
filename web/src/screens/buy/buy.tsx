import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { products } from "../../api/catalogue";
import { api, want, type Schemas } from "../../api/client";
import { Problem } from "../../api/problem";
import { nextOf } from "../../money/next";
import { place, settled, wished } from "../../money/placing";
import { cleaned, refusal, type Refusal } from "../../money/returned";
import { paymentPage } from "../../money/window";
import { Button, ButtonLink, useAction } from "../../ui/button";
import { Choices } from "../../ui/choices";
import { Failed } from "../../ui/failed";
import { Gate } from "../../ui/gate";
import { Show, useLoad } from "../../ui/load";
import { Page } from "../../ui/page";
import { local, won } from "../../words";
import { buyWords } from "../../words/buy";
import { moneyWords } from "../../words/money";
import { Returned } from "./returned";
import "./buy.css";

type Products = Schemas["ProductList"];

/** What the window came back with; only a purchase that this tab began has come back. */
function arrival(): { refused: Refusal | null; product: string | null } {
  const url = new URL(location.href);
  const product = wished(sessionStorage);
  const refused = refusal(url.searchParams);
  if (!refused) return { refused: null, product };
  history.replaceState(history.state, "", cleaned(url));
  settled(sessionStorage); // the order ends by itself: the next tap is another one
  return { refused: product ? refused : null, product };
}

export default function Buy() {
  const [{ refused, product }] = useState(arrival);
  const found = useLoad(products);
  return (
    <Gate title={buyWords().title} back="/">
      {found.value?.packs.length ? <Shop found={found.value} refused={refused} before={product} /> : <Closed found={found} />}
    </Gate>
  );
}

/** While the shop is not known, or has nothing. */
function Closed({ found }: { found: ReturnType<typeof useLoad<Products>> }) {
  const { title } = buyWords();
  const words = moneyWords();
  return (
    <Page title={title} back="/credits">
      {!found.value?.packs && <h1 class="visually-hidden">{title}</h1>}
      <Show of={found}>{() => <NothingSold text={words.nothingText} title={words.nothing} />}</Show>
    </Page>
  );
}

function NothingSold({ title, text }: { title: string; text: string }) {
  return (
    <div class="failed">
      <h1 class="title">{title}</h1>
      <p class="soft">{text}</p>
      <ButtonLink kind="line" href="/album">{buyWords().toAlbum}</ButtonLink>
    </div>
  );
}

function Shop({ found, refused, before }: { found: Products; refused: Refusal | null; before: string | null }) {
  const words = buyWords();
  const money = moneyWords();
  const { route, query } = useLocation();
  const next = nextOf(query);
  const middle = found.packs[Math.floor(found.packs.length / 2)]!;
  const [chosen, setChosen] = useState(found.packs.some((pack) => pack.id === before) ? before! : middle.id);
  const pack = found.packs.find((each) => each.id === chosen) ?? middle;
  const { trouble, run, clear } = useAction();
  const choose = (id: string) => {
    clear();
    setChosen(id);
  };
  const balance = useLoad(() => want(api.GET("/credits"))).value;
  const pay = () =>
    run(async () => {
      const ask = (key: string) => want(api.POST("/orders", { body: { product: pack.id }, params: { header: { "idempotency-key": key } } }));
      const order = await place(pack.id, ask, sessionStorage, () => crypto.randomUUID());
      const page = order.status === "created" ? paymentPage(order, next, sessionStorage) : null;
      if (page) location.assign(page);
      else route(`/orders/${order.id}`);
    });
  const closed = trouble instanceof Problem && trouble.code === "payments_unavailable";
  useEffect(() => void (closed && scrollTo(0, 0)), [closed]);
  if (closed) return <Page title={words.title} back="/credits"><NothingSold title={money.nothing} text={money.nothingText} /></Page>;
  return (
    <Page title={words.title} back="/credits" dock={!trouble && <Button onPress={pay}>{words.pay(won(pack.amount))}</Button>}>
      <div class="stack loose">
        {refused && <Returned refused={refused} />}
        <div>
          <h1 class="title">{words.headline}</h1>
          <p class="lead">{money.eachIsOne} {balance && money.balance(balance.available)}</p>
        </div>
        <Choices legend={words.choose} value={chosen} onChange={choose} choices={found.packs.map(asChoice)} />
        {trouble && <Failed trouble={trouble} again={pay} />}
        <p class="small soft">{words.keep} {words.toToss}</p>
        <PlanOffer plan={found.plan} next={next} />
      </div>
    </Page>
  );
}

function asChoice(pack: Schemas["Pack"]) {
  const words = moneyWords();
  return {
    value: pack.id,
    title: words.images(pack.credits),
    note: `${local(pack.name)} · ${words.each(won(Math.round(pack.amount / pack.credits)))}`,
    end: won(pack.amount),
  };
}

function PlanOffer({ plan, next }: { plan: Schemas["Plan"]; next: string | null }) {
  const words = buyWords();
  const money = moneyWords();
  return (
    <section class="plan-offer" aria-labelledby="plan-offer">
      <h2 class="heading" id="plan-offer">{words.plan}</h2>
      <p class="soft">{words.planText(money.images(plan.credits))}</p>
      <div class="row spread">
        <span class="plan-price number">{money.monthly(won(plan.amount))}</span>
        <ButtonLink kind="plain" fit href={next ? `/plan?next=${encodeURIComponent(next)}` : "/plan"}>{words.planGo}</ButtonLink>
      </div>
    </section>
  );
}
