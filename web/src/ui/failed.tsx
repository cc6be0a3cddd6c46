import { useEffect, useState } from "preact/hooks";
import { NoAnswer, Problem, SignedOut, type Trouble } from "../api/problem";
import { signInWanted } from "../session/session";
import { common } from "../words/common";
import { others, remedyOf, titleOf, type Remedy } from "../words/problems";
import { remedies } from "../words/remedies";
import { Button, ButtonLink } from "./button";
import { Icon } from "./icons";

const PLACES: Partial<Record<Remedy, string>> = {
  photo: "/photo",
  buy: "/buy",
  home: "/",
  album: "/album",
  credits: "/credits",
  consent: "/consent",
};

/** What went wrong, and the one thing to do about it. `again` repeats what failed. */
export function Failed({ trouble, again }: { trouble: Trouble; again?: () => unknown }) {
  const { title, text, remedy } = told(trouble);
  return (
    <div class="failed" role="alert">
      <Icon name={trouble instanceof NoAnswer ? "offline" : "info"} size={32} />
      <div>
        <h2 class="heading">{title}</h2>
        <p class="soft">{text}</p>
      </div>
      <Way remedy={remedy} trouble={trouble} again={again} />
      {trouble instanceof Problem && trouble.requestId && <RequestId id={trouble.requestId} />}
    </div>
  );
}

function told(trouble: Trouble): { title: string; text: string; remedy: Remedy } {
  const words = others();
  if (trouble instanceof NoAnswer) return { title: words.noAnswer, text: words.noAnswerText, remedy: "again" };
  if (trouble instanceof SignedOut) return { title: words.signedOut, text: words.signedOutText, remedy: "signIn" };
  return {
    title: titleOf(trouble.code, trouble.status),
    text: trouble.detail || (trouble.status === 429 ? words.busyText : words.unknownText),
    remedy: remedyOf(trouble.code, trouble.status),
  };
}

function Way({ remedy, trouble, again }: { remedy: Remedy; trouble: Trouble; again: (() => unknown) | undefined }) {
  const words = remedies();
  if (remedy === "signIn") {
    return <Button onPress={() => (signInWanted.value = location.pathname + location.search)}>{common().signIn}</Button>;
  }
  if (remedy === "none") return null;
  const place = PLACES[remedy];
  if (place) return <ButtonLink href={place}>{words[remedy]}</ButtonLink>;
  if (!again) return null;
  const wait = trouble instanceof Problem ? trouble.retryAfter : null;
  return wait ? <Countdown key={trouble} seconds={wait} again={again} /> : <Button onPress={again}>{words.again}</Button>;
}

/** Counts down to when asking again makes sense. */
function Countdown({ seconds, again }: { seconds: number; again: () => unknown }) {
  const [end] = useState(() => Date.now() + seconds * 1000);
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000))), 250);
    return () => clearInterval(timer);
  }, [end]);
  return <Button disabled={left > 0} onPress={again}>{left > 0 ? common().inSeconds(left) : remedies().again}</Button>;
}

function RequestId({ id }: { id: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(id);
    setCopied(true);
  };
  return (
    <p class="small soft">
      {common().request(id)}{" "}
      <button type="button" class="text-link" onClick={copy}>{common().copy}</button>
      <span role="status" class="visually-hidden">{copied ? common().copied : ""}</span>
    </p>
  );
}
