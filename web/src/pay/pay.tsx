import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { config } from "../config";
import { keptPayment } from "../money/returned";
import { windowFor, type Window } from "../money/window";
import { Button, ButtonLink } from "../ui/button";
import { won } from "../words";
import { payWords } from "../words/pay";
import { loaded } from "./load";
import { failed, open } from "./toss";
import "./pay.css";

/** `paused`: the person came back to this page, so the window does not open by itself again. */
type State = "opening" | "paused" | "failed";

/** A page of its own, since it may load Toss's script; it opens Toss's window and knows nothing else. */
export function Pay() {
  const query = new URLSearchParams(location.search);
  const window = windowFor(query, sessionStorage);
  const order = query.get("order");
  const done = order && (!window || keptPayment(order, sessionStorage)); // the order's own page knows what became of it
  useEffect(() => {
    if (done) location.replace(`/orders/${encodeURIComponent(order)}`);
  }, []);
  if (done) return null;
  return window ? <Opening window={window} /> : <Nothing />;
}

function Opening({ window }: { window: Window }) {
  const words = payWords();
  const [state, setState] = useState<State>(cameBack() ? "paused" : "opening");
  const go = async () => {
    setState("opening");
    try {
      await open(await loaded((await config()).toss_script), window, location.origin);
    } catch (error) {
      const way = failed(window, error);
      if (way) location.replace(way);
      else setState("failed");
    }
  };
  useEffect(() => {
    if (state === "opening") void go();
    const shown = (event: PageTransitionEvent) => event.persisted && setState("paused");
    addEventListener("pageshow", shown);
    return () => removeEventListener("pageshow", shown);
  }, []);
  return (
    <Frame title={words[window.kind].title}>
      <h1 class="title">{state === "failed" ? words.failed : state === "paused" ? words.paused : words[window.kind].title}</h1>
      {window.kind === "payment" && <p class="pay-what number">{window.name} · {won(window.amount)}</p>}
      <p class="soft" role="status">{state === "failed" ? words.failedText : state === "paused" ? words.pausedText : words[window.kind].text}</p>
      {state === "opening" ? <div class="progress shimmer" /> : <Button onPress={go}>{words.open}</Button>}
      <ButtonLink kind="plain" href={window.fail}>{words.back}</ButtonLink>
    </Frame>
  );
}

function Nothing() {
  const words = payWords();
  return (
    <Frame title={words.nothing}>
      <h1 class="title">{words.nothing}</h1>
      <p class="soft">{words.nothingText}</p>
      <ButtonLink href="/buy">{words.toShop}</ButtonLink>
    </Frame>
  );
}

function Frame({ title, children }: { title: string; children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · ${payWords().veil}`;
  }, [title]);
  return (
    <div class="page">
      <header class="bar"><a class="wordmark" href="/">Veil</a><span /></header>
      <main class="body"><div class="pay stack">{children}</div></main>
    </div>
  );
}

const cameBack = () =>
  performance.getEntriesByType("navigation").some((entry) => (entry as PerformanceNavigationTiming).type === "back_forward");
