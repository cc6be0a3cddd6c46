import { useLocation } from "preact-iso";
import { useEffect, useRef, useState } from "preact/hooks";
import { api, want } from "../../api/client";
import { Problem } from "../../api/problem";
import { forgetAccount, signIn } from "../../session/session";
import { Button, ButtonLink, useAction } from "../../ui/button";
import { Failed } from "../../ui/failed";
import { Gate } from "../../ui/gate";
import { Icon } from "../../ui/icons";
import { useLoad } from "../../ui/load";
import { Page } from "../../ui/page";
import { Row } from "../../ui/row";
import { leaveWords } from "../../words/leave";
import { confirmedNow, forgetConfirmed, rememberConfirmed } from "./confirmed";
import "./leave.css";

/** Deleting the account: what goes and what stays, and once more whether it is meant. */
export default function LeaveScreen() {
  return <Gate title={leaveWords().title} back="/me"><Leave /></Gate>;
}

function Leave() {
  const words = leaveWords();
  const [returned] = useState(() => confirmedNow(sessionStorage, Date.now()));
  const [agreed, agree] = useState(returned);
  const [asked, setAsked] = useState(false);
  const [tooOld, setTooOld] = useState(false);
  const fresh = useRef<HTMLDivElement>(null);
  useEffect(() => void (tooOld && fresh.current?.scrollIntoView({ block: "nearest" })), [tooOld]);
  const { trouble, run } = useAction();
  const { route } = useLocation();
  const leave = () => {
    if (!agreed) return setAsked(true);
    return run(async () => {
      const receipt = await erased();
      if (receipt === null) return setTooOld(true);
      forgetConfirmed(sessionStorage);
      await import("./left");
      route(`/left/${receipt}`, true); // before the session ends: this screen is nobody's then
      forgetAccount();
    });
  };
  const again = () =>
    run(() => {
      rememberConfirmed(sessionStorage, Date.now());
      return signIn("/leave", undefined, true);
    });
  const dock = !trouble && <Button onPress={tooOld ? again : leave}>{tooOld ? words.freshAction : words.action}</Button>;
  return (
    <Page title={words.title} back="/me" dock={dock}>
      <div class="stack loose">
        {returned && !tooOld && <p class="notice accent" role="status"><Icon name="check" />{words.back}</p>}
        <div>
          <h1 class="title">{words.headline}</h1>
          <p class="lead">{words.lead}</p>
        </div>
        <ButtonLink kind="line" href="/album">{words.save}</ButtonLink>
        <WhatGoes />
        <Unspent />
        <div>
          <label class="choice card leave-agree">
            <input type="checkbox" checked={agreed} aria-describedby="agree-first" onChange={(event) => agree(event.currentTarget.checked)} />
            <span>{words.agree}</span>
          </label>
          <p id="agree-first" class="leave-first small" role="alert">{asked && !agreed ? words.agreeFirst : ""}</p>
        </div>
        <div ref={fresh} role="status">{tooOld && <Fresh />}</div>
        {trouble && <Failed trouble={trouble} again={tooOld ? again : leave} />}
      </div>
    </Page>
  );
}

/** The receipt of the deletion that has begun; null when the sign-in is too long ago. */
async function erased(): Promise<string | null> {
  try {
    return (await want(api.DELETE("/account", { body: { confirm: "delete my account" } })))!.receipt;
  } catch (error) {
    if (error instanceof Problem && error.code === "sign_in_again") return null;
    throw error;
  }
}

function WhatGoes() {
  const words = leaveWords();
  return (
    <>
      <section aria-labelledby="erased">
        <h2 class="heading" id="erased">{words.erased}</h2>
        <ul class="leave-list">
          {words.erasedItems.map((item) => <li key={item}><Icon name="trash" size={20} />{item}</li>)}
        </ul>
      </section>
      <section aria-labelledby="kept">
        <h2 class="heading" id="kept">{words.kept}</h2>
        <div class="rows">{words.keptItems.map(([what, why]) => <Row key={what} title={what} note={why} />)}</div>
        <p class="small soft">{words.again}</p>
      </section>
    </>
  );
}

/** Credits that would be lost, and the way to their money. */
function Unspent() {
  const words = leaveWords();
  const credits = useLoad(() => want(api.GET("/credits"))).value;
  if (!credits?.available) return null;
  return (
    <div class="notice accent">
      <Icon name="coin" />
      <div>
        <p class="heading">{words.left(credits.available)}</p>
        <p class="small">{words.leftText}</p>
        <a class="text-link leave-refund" href="/credits?show=orders">{words.refund}</a>
      </div>
    </div>
  );
}

function Fresh() {
  const words = leaveWords();
  return (
    <div class="notice accent">
      <Icon name="lock" />
      <div>
        <p class="heading">{words.fresh}</p>
        <p class="small">{words.freshText}</p>
      </div>
    </div>
  );
}
