import { useState } from "preact/hooks";
import { api, want, type Schemas } from "../../api/client";
import { Button, useAction } from "../../ui/button";
import { Confirm } from "../../ui/confirm";
import { Failed } from "../../ui/failed";
import { Gate } from "../../ui/gate";
import { Show, useLoad } from "../../ui/load";
import { Page } from "../../ui/page";
import { day } from "../../words";
import { consentText, consentWords, type ConsentText } from "../../words/consents";
import { meWords } from "../../words/me";
import "./me.css";

type Consent = Schemas["Consent"];

/** Every consent, with its text and its switch. */
export default function ConsentsScreen() {
  return <Gate title={meWords().consentsTitle} back="/me"><Consents /></Gate>;
}

function Consents() {
  const words = meWords();
  const found = useLoad(async () => (await want(api.GET("/consents"))).consents);
  const changed = (after: Consent) => found.set(found.value!.map((one) => (one.kind === after.kind ? after : one)));
  return (
    <Page title={words.consentsTitle} back="/me">
      <div class="stack loose">
        <div>
          <h1 class="title">{words.consentsTitle}</h1>
          <p class="lead">{words.consentsLead}</p>
        </div>
        <Show of={found}>
          {(consents) => (
            <>
              {consents.map((one) => {
                const text = consentText(one.kind, one.latest_version);
                return text ? <One key={one.kind} one={one} text={text} onChange={changed} /> : <Unknown key={one.kind} />;
              })}
            </>
          )}
        </Show>
      </div>
    </Page>
  );
}

const counts = (one: Consent) => one.granted && one.version === one.latest_version;

function One({ one, text, onChange }: { one: Consent; text: ConsentText; onChange: (after: Consent) => void }) {
  const words = meWords();
  const [asks, setAsks] = useState(false);
  const [saved, setSaved] = useState(false);
  const { trouble, run } = useAction();
  const decide = async (granted: boolean) => {
    const path = { kind: one.kind };
    onChange((await want(api.PUT("/consents/{kind}", { params: { path }, body: { version: one.latest_version, granted } }))) as Consent);
    setSaved(true);
    setAsks(false);
  };
  const turn = (granted: boolean) => (one.required && !granted ? setAsks(true) : void run(() => decide(granted)));
  return (
    <section class="card me-consent" aria-labelledby={one.kind}>
      <div class="row spread">
        <div>
          <span class={one.required ? "chip accent" : "chip"}>{one.required ? words.required : words.optional}</span>
          <h2 class="heading" id={one.kind}>{text.title}</h2>
        </div>
        <input
          type="checkbox"
          role="switch"
          class="switch"
          aria-label={words.agreeTo(text.title)}
          checked={counts(one)}
          onClick={(event) => {
            event.preventDefault(); // it turns once the answer is there
            turn(!counts(one));
          }}
        />
      </div>
      <p class="small soft" role="status">{saved && `${words.saved}. `}{since(one)}</p>
      <p>{text.short}</p>
      <details>
        <summary class="text-link small">{words.read}</summary>
        <dl class="me-facts small">
          {text.facts.map(([name, fact]) => <div key={name}><dt class="soft">{name}</dt><dd>{fact}</dd></div>)}
        </dl>
        <p class="small">{text.rights}</p>
      </details>
      {trouble && <Failed trouble={trouble} again={() => run(() => decide(!counts(one)))} />}
      {asks && (
        <Confirm title={words.stopAsk} action={words.stopAction} onConfirm={() => decide(false)} onClose={() => setAsks(false)}>
          <p class="soft">{words.stopText}</p>
        </Confirm>
      )}
    </section>
  );
}

function since(one: Consent): string {
  const words = meWords();
  if (!one.decided_at) return words.never;
  if (one.granted && !counts(one)) return words.older;
  return one.granted ? words.since(day(one.decided_at)) : words.refusedOn(day(one.decided_at));
}

/** A text that came after this page was loaded. */
function Unknown() {
  const words = consentWords();
  return (
    <div class="notice">
      <div class="stack">
        <p>{words.outdatedText}</p>
        <Button kind="line" fit onPress={() => location.reload()}>{words.update}</Button>
      </div>
    </div>
  );
}
