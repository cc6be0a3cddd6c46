import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { accountGone, session, signInWanted } from "../session/session";
import { gateWords } from "../words/gate";
import { Button } from "./button";
import { Page } from "./page";

/** A screen that needs a person; signed out, it offers to sign in and returns here. */
export function Gate({ title, back, children }: { title: string; back: string; children: ComponentChildren }) {
  return session.value === "in" ? <>{children}</> : <SignInFirst title={title} back={back} />;
}

function SignInFirst({ title, back }: { title: string; back: string }) {
  const words = gateWords();
  const gone = accountGone.value;
  const ask = () => (signInWanted.value = location.pathname + location.search);
  useEffect(() => {
    if (!accountGone.value) ask();
    return () => (signInWanted.value = null);
  }, []);
  return (
    <Page title={title} back={back}>
      <div class="failed">
        <h1 class="title">{gone ? words.gone : words.title}</h1>
        <p class="soft">{gone ? words.goneText : words.text}</p>
        <Button onPress={ask}>{gone ? words.anew : words.signIn}</Button>
      </div>
    </Page>
  );
}
