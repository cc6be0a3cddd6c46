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
import { Step, useDraftWithPhoto } from "../flow";
import { useMaking } from "./use-making";
import "./confirm.css";

/** The last look: what is made of what, and what it takes. */
export default function ConfirmScreen() {
  const words = confirmWords();
  const draft = useWholeDraft();
  const making = useMaking();
  const found = useLoad(styles);
  const balance = useLoad(() => (session.value === "in" ? want(api.GET("/credits")) : Promise.resolve(null)), session.value);
  const credits = found.value?.credits;
  const available = making.lacking?.available ?? balance.value?.available;
  const short = credits !== undefined && available !== undefined && available < credits;
  const dock = making.going ? (
    <Button kind="line" onPress={making.stop}>{words.stop}</Button>
  ) : short ? (
    <ButtonLink href="/buy?next=/confirm">{words.buy}</ButtonLink>
  ) : (
    draft && !making.trouble && <Button disabled={credits === undefined} onPress={making.start}>{words.make}</Button>
  );
  const title = making.going ? words.goingTitle : words.title;
  const lead = making.starting ? "" : making.going ? words.goingLead : words.lead;
  return (
    <Step at="/confirm" back="/role" title={title} lead={lead} dock={dock}>
      {making.trouble ? (
        <Failed trouble={making.trouble} again={making.start} />
      ) : !draft ? (
        <Waiting lines={2} />
      ) : (
        <>
          <div role="status">{making.starting && <p class="upload-note shimmer">{words.starting}</p>}</div>
          <Summary draft={draft} style={found.value?.styles.find((style) => style.id === draft.style)?.name} />
          {found.trouble && <Failed trouble={found.trouble} again={found.again} />}
          {credits === undefined ? !found.trouble && <Waiting lines={1} /> : <Price credits={credits} available={available} />}
        </>
      )}
    </Step>
  );
}

/** The draft, with everything chosen; a step that is missing takes this one's place. */
function useWholeDraft(): Draft | undefined {
  const { route } = useLocation();
  const draft = useDraftWithPhoto();
  const missing = draft && nextStep(draft) !== "/confirm";
  useEffect(() => {
    if (missing) route(nextStep(draft), true);
  }, [missing]);
  return missing ? undefined : draft;
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
      <div class="confirm-photo">
        <div class="picture">{url ? <img src={url} alt={words.photo} /> : !draft.preview && <Drawing of="clear" />}</div>
        <a class="text-link small" href="/photo">{words.changeOf(words.photo)}</a>
      </div>
      <dl class="confirm-rows">
        {rows.map(([name, value, path]) => (
          <div key={path}>
            <dt class="small soft">{name}</dt>
            <dd class="confirm-value">{value}</dd>
            <dd><a class="text-link small" href={path} aria-label={words.changeOf(name)}>{words.change}</a></dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Price({ credits, available }: { credits: number; available: number | undefined }) {
  const words = confirmWords();
  const rest =
    available === undefined
      ? session.value === "out" && words.welcome
      : available < credits
        ? words.short(available, credits - available)
        : words.after(available, available - credits);
  return (
    <section class="card confirm-price">
      <h2 class="heading">{words.uses(credits)}</h2>
      <p class="confirm-rest">{rest}</p>
      <ul class="small soft confirm-notes">
        <li><Icon name="coin" size={20} />{words.back}</li>
        <li><Icon name="info" size={20} />{words.ai}</li>
      </ul>
    </section>
  );
}
