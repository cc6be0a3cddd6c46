import { useLocation } from "preact-iso";
import { api, want } from "../../api/client";
import { ButtonLink } from "../../ui/button";
import { Choices } from "../../ui/choices";
import { Gate } from "../../ui/gate";
import { Icon } from "../../ui/icons";
import { Show, useLoad } from "../../ui/load";
import { Page } from "../../ui/page";
import { creditsWords } from "../../words/credits";
import { Entries } from "./entries";
import { Orders } from "./orders";
import "./credits.css";

/** What there is to spend, where it came from, and where it went. */
export default function CreditsScreen() {
  return <Gate title={creditsWords().title} back="/me"><Credits /></Gate>;
}

function Credits() {
  const words = creditsWords();
  const { query, route } = useLocation();
  const shown = query["show"] === "orders" ? "orders" : "entries";
  const choices = [{ value: "entries", title: words.entries }, { value: "orders", title: words.orders }] as const;
  return (
    <Page title={words.title} back="/me" dock={<ButtonLink href="/buy">{words.fill}</ButtonLink>}>
      <div class="stack loose">
        <Balance />
        <Choices look="bar" legend={words.view} value={shown} choices={choices} onChange={(next) => route(next === "orders" ? "/credits?show=orders" : "/credits", true)} />
        {shown === "orders" ? <Orders /> : <Entries />}
      </div>
    </Page>
  );
}

function Balance() {
  const words = creditsWords();
  const found = useLoad(() => want(api.GET("/credits")));
  return (
    <div class="balance">
      {!found.value && <h1 class="visually-hidden">{words.title}</h1>}
      <Show of={found} waiting={<div class="card shimmer placeholder" />}>
        {({ available, held, owed }) => (
          <>
            <h1 class="title">{words.available(available)}</h1>
            {held > 0 && <p class="lead">{words.held(held)}</p>}
            {owed > 0 && <p class="notice accent small"><Icon name="info" size={20} />{words.owed(owed)}</p>}
          </>
        )}
      </Show>
    </div>
  );
}
