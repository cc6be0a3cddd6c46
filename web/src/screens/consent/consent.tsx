import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { api, want, type Schemas } from "../../api/client";
import { session, signInWanted } from "../../session/session";
import { uploadAgain } from "../../upload/upload";
import { Button, ButtonLink, useAction } from "../../ui/button";
import { Failed } from "../../ui/failed";
import { Icon } from "../../ui/icons";
import { Show, useLoad } from "../../ui/load";
import { Page } from "../../ui/page";
import { common } from "../../words/common";
import { consentText, consentWords, type ConsentText } from "../../words/consents";
import { pathWithin } from "./next";
import "../flow.css";
import "./consent.css";

type Consent = Schemas["Consent"];

/** What the person agrees to before a photo leaves the device; `next` is where they go on. */
export default function ConsentScreen() {
  const words = consentWords();
  const here = useLocation();
  const next = pathWithin(here.query["next"], "/photo");
  if (session.value === "out") {
    const wanted = () => (signInWanted.value = here.url);
    return (
      <Page title={words.title} back="/" dock={<Button onPress={wanted}>{common().signIn}</Button>}>
        <div class="failed">
          <Icon name="lock" size={32} />
          <div>
            <h1 class="title">{words.title}</h1>
            <p class="lead">{words.signIn}</p>
          </div>
        </div>
      </Page>
    );
  }
  return <Asked next={next} />;
}

function Asked({ next }: { next: string }) {
  const found = useLoad(async () => (await want(api.GET("/consents"))).consents);
  const [ticks, setTicks] = useState<Partial<Record<Consent["kind"], boolean>>>({});
  const words = consentWords();
  const all = found.value ?? [];
  const ticked = (one: Consent) => ticks[one.kind] ?? (one.granted && one.version === one.latest_version);
  const outdated = all.some((one) => !consentText(one.kind, one.latest_version));
  const enough = all.every((one) => !one.required || ticked(one));
  return (
    <Page title={words.title} back="/" dock={found.value && !outdated && <Dock next={next} all={all} ticked={ticked} enough={enough} />}>
      <Head lead={words.lead} />
      <Show of={found}>
        {(consents) =>
          outdated ? (
            <Outdated />
          ) : (
            <div class="stack loose">
              {[...consents].sort((one, other) => Number(other.required) - Number(one.required)).map((one) => (
                <Ask key={one.kind} one={one} text={consentText(one.kind, one.latest_version)!} ticked={ticked(one)} tick={(on) => setTicks({ ...ticks, [one.kind]: on })} />
              ))}
            </div>
          )
        }
      </Show>
    </Page>
  );
}

const Head = ({ lead }: { lead: string }) => (
  <div class="consent-head">
    <h1 class="title">{consentWords().title}</h1>
    <p class="lead">{lead}</p>
  </div>
);

function Ask({ one, text, ticked, tick }: { one: Consent; text: ConsentText; ticked: boolean; tick: (on: boolean) => void }) {
  const words = consentWords();
  return (
    <section class="card consent" aria-labelledby={one.kind}>
      <p class={one.required ? "chip accent" : "chip"}>{one.required ? words.required : words.optional}</p>
      <h2 class="heading" id={one.kind}>{text.title}</h2>
      <p>{text.short}</p>
      <dl class="consent-facts">
        {text.facts.map(([name, fact]) => <div key={name}><dt class="small soft">{name}</dt><dd class="small">{fact}</dd></div>)}
      </dl>
      <p class="small soft">{text.rights}</p>
      <label class="choice consent-choice">
        <input type="checkbox" checked={ticked} onChange={(event) => tick(event.currentTarget.checked)} />
        <span>{words.agree(text.title)} <span class="soft">({one.required ? words.required : words.optional})</span></span>
      </label>
    </section>
  );
}

function Dock({ next, all, ticked, enough }: { next: string; all: Consent[]; ticked: (one: Consent) => boolean; enough: boolean }) {
  const words = consentWords();
  const { route } = useLocation();
  const { trouble, run } = useAction();
  const say = () =>
    run(async () => {
      for (const one of all) {
        const body = { version: one.latest_version, granted: ticked(one) };
        if (one.version !== body.version || one.granted !== body.granted) await want(api.PUT("/consents/{kind}", { params: { path: { kind: one.kind } }, body }));
      }
      uploadAgain();
      route(next, true);
    });
  return (
    <div class="flow-dock">
      {trouble && <Failed trouble={trouble} again={say} />}
      {!enough && <p class="small soft consent-missing" id="missing">{words.missing}</p>}
      <Button disabled={!enough} onPress={say}>{words.go}</Button>
      <ButtonLink kind="plain" href={next.replace(/\?.*/, "")}>{words.refuse}</ButtonLink>
    </div>
  );
}

function Outdated() {
  const words = consentWords();
  return (
    <div class="failed" role="alert">
      <Icon name="info" size={32} />
      <div>
        <h2 class="heading">{words.outdated}</h2>
        <p class="soft">{words.outdatedText}</p>
      </div>
      <Button onPress={() => location.reload()}>{words.update}</Button>
      <ButtonLink kind="plain" href="/">{common().home}</ButtonLink>
    </div>
  );
}
