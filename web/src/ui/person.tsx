import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { session, signInWanted } from "../session/session";
import { common } from "../words/common";
import { Button } from "./button";
import { Icon } from "./icons";
import { Page } from "./page";

/** A screen that is somebody's: without anybody, it offers to sign in, and comes back to where it was. */
export function ForPerson({ title, children }: { title: string; children: () => ComponentChildren }) {
  const out = session.value === "out";
  const ask = () => (signInWanted.value = location.pathname + location.search);
  useEffect(() => {
    if (out) ask();
  }, [out]);
  if (!out) return <>{children()}</>;
  return (
    <Page title={title} back="/">
      <div class="failed">
        <Icon name="lock" size={32} />
        <h1 class="title">{title}</h1>
        <p class="soft">{common().signInText}</p>
        <Button onPress={ask}>{common().signIn}</Button>
      </div>
    </Page>
  );
}
