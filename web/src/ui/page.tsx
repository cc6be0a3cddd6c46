import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import { useEffect, useRef } from "preact/hooks";
import { session, signInWanted } from "../session/session";
import { common } from "../words/common";
import { signInWords } from "../words/sign-in";
import { Button } from "./button";
import { leave } from "./depth";
import { Icon } from "./icons";

interface PageProps {
  /** Of the browser's tab, and what is read out after navigation. */
  title: string;
  /** Where the arrow leads when there is nothing before in this tab; without it the page is one of the first level. */
  back?: string;
  /** Shown in the middle of the bar; the steps of making images show theirs. */
  bar?: string | undefined;
  wide?: boolean;
  /** The one action at the bottom. */
  dock?: ComponentChildren;
  children: ComponentChildren;
}

let first = true; // the first page of a visit leaves the focus where the browser has it

/** One screen: its bar, its content and its dock. It has one `h1`, in `children`. */
export function Page({ title, back, bar, wide, dock, children }: PageProps) {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = title === common().title ? title : `${title} · ${common().title}`;
  }, [title]);
  useEffect(() => {
    if (!first) main.current?.focus({ preventScroll: true });
    first = false;
  }, []);
  return (
    <div class="page">
      <Bar back={back} bar={bar} />
      <main ref={main} tabIndex={-1} class="main" aria-label={title}>
        <div class={wide ? "body wide" : "body"}>{children}</div>
        {dock && <div class="dock">{dock}</div>}
      </main>
    </div>
  );
}

function Bar({ back, bar }: { back: string | undefined; bar: string | undefined }) {
  const words = common();
  return (
    <header class="bar">
      {back === undefined ? (
        <a class="wordmark" href="/">Veil</a>
      ) : (
        <Back to={back} />
      )}
      {bar && <span class="bar-title">{bar}</span>}
      <nav class="row" aria-label={words.title}>
        {session.value === "out" && back === undefined && (
          <Button kind="plain" fit onPress={() => (signInWanted.value = "/album")}>{signInWords().open}</Button>
        )}
        {session.value === "in" && (
          <>
            <a class="icon-button" href="/album" aria-label={words.album}><Icon name="album" /></a>
            <a class="icon-button" href="/me" aria-label={words.me}><Icon name="person" /></a>
          </>
        )}
      </nav>
    </header>
  );
}

/** The arrow does what the browser's own does, where there is something to go back to. */
function Back({ to }: { to: string }) {
  const { route } = useLocation();
  return (
    <a
      class="icon-button"
      href={to}
      aria-label={common().back}
      onClick={(event) => {
        event.preventDefault();
        event.stopPropagation();
        leave(to, route);
      }}
    >
      <Icon name="back" />
    </a>
  );
}
