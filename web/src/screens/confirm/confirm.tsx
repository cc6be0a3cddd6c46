import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { styles } from "../../api/catalogue";
import { api, want } from "../../api/client";
import { nextStep, type Draft } from "../../draft/draft";
import { usePicture } from "../../photo/picture";
import { session } from "../../session/session";
import { Button, ButtonLink } from "../../ui/button";
import { Failed } from "../../ui/failed";
import { Icon } from "../../ui/icons";
import { useLoad, Waiting } from "../../ui/load";
import { local } from "../../words";
import { confirmWords } from "../../words/confirm";
import { Drawing } from "../photo/drawings";
import { Step, StepWaiting, useDraftWithPhoto } from "../flow";
import { Going } from "./going";
import { useMaking } from "./use-making";
import "./confirm.css";

/** The last look: what is made of what, and what it takes. */
export default function ConfirmScreen() {
  const draft = useDraftWithPhoto();
  const { route } = useLocation();
  const missing = draft && nextStep(draft) !== "/confirm";
  useEffect(() => {
    if (missing) route(nextStep(draft), true);
  }, [missing]);
  if (!draft || missing) return <StepWaiting at="/confirm" back="/role" />;
  return <Confirm draft={draft} />;
}

function Confirm({ draft }: { draft: Draft }) {
  const words = confirmWords();
  const making = useMaking();
  const found = useLoad(styles);
  const balance = useLoad(() => (session.value === "in" ? want(api.GET("/credits")) : Promise.resolve(null)), session.value);
  const credits = found.value?.credits;
  const available = balance.value?.available;
  const short = credits !== undefined && available !== undefined && available < credits;
  const dock = making.going ? (
    <Button kind="line" onPress={making.stop}>{words.stop}</Button>
  ) : short ? (
    <ButtonLink href="/buy?next=/confirm">{words.buy}</ButtonLink>
  ) : (
    <Button onPress={making.start}>{words.make}</Button>
  );
  return (
    <Step at="/confirm" back="/role" title={words.title} lead={words.lead} dock={dock}>
      {making.trouble && !making.going ? (
        <Failed trouble={making.trouble} again={making.start} />
      ) : (
        <>
          {making.going && <Going starting={making.starting} />}
          <Summary draft={draft} style={found.value?.styles.find((style) => style.id === draft.style)?.name} />
          {found.trouble && <Failed trouble={found.trouble} again={found.again} />}
          {credits === undefined ? !found.trouble && <Waiting lines={1} /> : <Price credits={credits} available={available} />}
        </>
      )}
    </Step>
  );
}

function Summary({ draft, style }: { draft: Draft; style: { ko: string; en: string } | undefined }) {
  const words = confirmWords();
  const url = usePicture(draft.preview);
  const rows: [name: string, value: string, path: string][] = [
    [words.style, style ? local(style) : "", "/style"],
    [words.role, words.roles[draft.role ?? "any"], "/role"],
  ];
  return (
    <div class="confirm-summary">
      <div class="picture">{url ? <img src={url} alt={words.photo} /> : !draft.preview && <Drawing of="clear" />}</div>
      <dl class="confirm-rows">
        {rows.map(([name, value, path]) => (
          <div key={path}>
            <dt class="small soft">{name}</dt>
            <dd class="confirm-value">{value}</dd>
            <dd><a class="text-link small" href={path} aria-label={words.changeOf(name)}>{words.change}</a></dd>
          </div>
        ))}
        <div>
          <dt class="small soft">{words.photo}</dt>
          <dd><a class="text-link small" href="/photo" aria-label={words.changeOf(words.photo)}>{words.change}</a></dd>
        </div>
      </dl>
    </div>
  );
}

function Price({ credits, available }: { credits: number; available: number | undefined }) {
  const words = confirmWords();
  const rest =
    available === undefined
      ? words.welcome
      : available < credits
        ? words.short(available, credits - available)
        : words.after(available, available - credits);
  return (
    <section class="card confirm-price">
      <h2 class="heading">{words.uses(credits)}</h2>
      <p>{rest}</p>
      <ul class="small soft confirm-notes">
        <li><Icon name="coin" size={20} />{words.back}</li>
        <li><Icon name="info" size={20} />{words.ai}</li>
      </ul>
    </section>
  );
}
