import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { styles, type Style } from "../../api/catalogue";
import { nextStep, type Draft } from "../../draft/draft";
import { change, takeSent } from "../../draft/store";
import { Icon } from "../../ui/icons";
import { Show, useLoad } from "../../ui/load";
import { local } from "../../words";
import { stepWords } from "../../words/steps";
import { Step, useDraftWithPhoto } from "../flow";
import "./style.css";

/** One tap chooses a style, and goes on. `?upload=` begins with a photo that was sent before. */
export default function StyleScreen() {
  const words = stepWords();
  const found = useLoad(styles);
  const { query, route } = useLocation();
  const sent = query["upload"];
  useEffect(() => {
    if (sent) void takeSent(sent).then(() => route("/style", true));
  }, [sent]);
  const draft = useDraftWithPhoto(sent !== undefined);
  return (
    <Step at="/style" back="/photo" wide title={words.styleTitle} lead={words.styleLead}>
      {!draft || sent ? (
        <Frames />
      ) : (
        <Show of={found} waiting={<Frames />}>
          {({ styles }) => (
            <ul class="styles">
              {styles.map((style) => <li key={style.id}><StyleCard style={style} draft={draft} /></li>)}
            </ul>
          )}
        </Show>
      )}
    </Step>
  );
}

function StyleCard({ style, draft }: { style: Style; draft: Draft }) {
  const { route } = useLocation();
  const chosen = draft.style === style.id;
  const choose = () => {
    change({ style: style.id });
    route(nextStep({ ...draft, style: style.id }));
  };
  return (
    <button type="button" class={chosen ? "style-card chosen" : "style-card"} aria-pressed={chosen} onClick={choose}>
      <span class="picture">
        {style.samples[0] ? <img class="arriving" src={style.samples[0]} alt="" width="800" height="1000" loading="lazy" /> : <Arch />}
        {chosen && <span class="style-mark"><Icon name="check" size={20} /></span>}
      </span>
      <span class="style-name">{local(style.name)}</span>
      <span class="small soft">{local(style.description)}</span>
    </button>
  );
}

/** Where a stage has no samples. */
function Arch() {
  return (
    <svg class="style-arch" viewBox="0 0 80 100" fill="none" stroke="currentColor" stroke-linecap="round" aria-hidden="true">
      <path d="M18 84V44a22 22 0 0 1 44 0v40M12 84h56M26 84V46a14 14 0 0 1 28 0v38" />
      <path d="M18 52c-5-2-6-7-3-11M20 38c-5-4-4-9 0-12M30 26c-2-6 2-9 6-10M62 52c5-2 6-7 3-11M60 38c5-4 4-9 0-12M50 26c2-6-2-9-6-10" />
    </svg>
  );
}

function Frames() {
  return (
    <div class="styles" role="status" aria-label={stepWords().styleTitle}>
      {Array.from({ length: 4 }, (_, index) => <div key={index} class="picture shimmer" />)}
    </div>
  );
}
