import { useState } from "preact/hooks";
import { api, want } from "../../api/client";
import { config } from "../../config";
import { signOut } from "../../session/session";
import { Choices } from "../../ui/choices";
import { Confirm } from "../../ui/confirm";
import { Gate } from "../../ui/gate";
import { useLoad } from "../../ui/load";
import { Page } from "../../ui/page";
import { Row } from "../../ui/row";
import { choose, language, type Language } from "../../words";
import { meWords } from "../../words/me";
import { planStatus } from "../../words/plan";
import { current } from "../plan/use-plan";
import "./me.css";

const LANGUAGES = [
  { value: "ko", title: "한국어", lang: "ko" },
  { value: "en", title: "English", lang: "en" },
] as const;

/** The person's own: what there is, what was agreed to, and the ways out. */
export default function MeScreen() {
  return <Gate title={meWords().title} back="/"><Me /></Gate>;
}

function Me() {
  const words = meWords();
  return (
    <Page title={words.title} back="/album">
      <div class="stack loose">
        <h1 class="title">{words.headline}</h1>
        <Owned />
        <section class="me-section">
          <h2 class="small soft">{words.language}</h2>
          <Choices<Language> look="bar" legend={words.language} value={language.value} choices={LANGUAGES} onChange={choose} />
        </section>
        <Account />
        <About />
      </div>
    </Page>
  );
}

/** What could not be loaded is on its own page, with the reason. */
function Owned() {
  const words = meWords();
  const credits = useLoad(() => want(api.GET("/credits"))).value;
  const plan = useLoad(current).value;
  return (
    <div class="rows">
      <Row icon="coin" title={words.credits} end={credits && <span class="number">{words.count(credits.available)}</span>} href="/credits" />
      <Row icon="heart" title={words.plan} end={plan === undefined ? undefined : plan ? planStatus()[plan.status] : words.noPlan} href="/plan" />
      <Row icon="album" title={words.album} href="/album" />
      <Row icon="lock" title={words.consents} href="/me/consents" />
    </div>
  );
}

function Account() {
  const words = meWords();
  const [asks, setAsks] = useState(false);
  return (
    <section class="me-section" aria-labelledby="account">
      <h2 class="small soft" id="account">{words.account}</h2>
      <div class="rows">
        <Row title={words.signOut} onPress={() => setAsks(true)} />
        <Row title={words.leave} href="/leave" />
      </div>
      {asks && (
        <Confirm title={words.signOutAsk} action={words.signOut} onConfirm={signOut} onClose={() => setAsks(false)}>
          <p class="soft">{words.signOutText}</p>
        </Confirm>
      )}
    </section>
  );
}

function About() {
  const words = meWords();
  const known = useLoad(config).value;
  return (
    <section class="me-section" aria-labelledby="about">
      <h2 class="small soft" id="about">{words.about}</h2>
      <div class="rows">
        <Row title={words.docs} href="/docs" outside />
        <Row title={words.licenses} href="/licenses.txt" outside />
        {known && <Row title={words.version} end={<span class="number">{known.stage === "prod" ? known.version : `${known.version} · ${known.stage}`}</span>} />}
      </div>
    </section>
  );
}
