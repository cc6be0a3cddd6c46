import { Problem } from "../../api/problem";
import { hasPhoto, nextStep, type Draft } from "../../draft/draft";
import { usePicture } from "../../photo/picture";
import { upload } from "../../upload/upload";
import { ButtonLink } from "../../ui/button";
import { Icon } from "../../ui/icons";
import { photoWords, type Example } from "../../words/photo";
import { Step, useDraft } from "../flow";
import { FaultNote, FileButton, useChoosing, useDropped, type Choosing } from "./choose";
import { Drawing } from "./drawings";
import "./photo.css";

/** The choice of a photo, and a look at what was chosen. Nothing leaves the device here, unless one is signed in. */
export default function PhotoScreen() {
  const words = photoWords();
  const draft = useDraft();
  const choosing = useChoosing();
  const over = useDropped(choosing.take);
  const chosen = draft !== undefined && hasPhoto(draft) && !choosing.preparing;
  return (
    <Step
      at="/photo"
      back="/"
      title={chosen ? words.chosen : words.title}
      lead={chosen ? words.chosenLead : words.lead}
      dock={draft && <Dock draft={draft} chosen={chosen} choosing={choosing} />}
    >
      <FaultNote fault={choosing.fault} />
      <p role="status" class={choosing.preparing ? "photo-preparing shimmer" : "visually-hidden"}>
        {choosing.preparing ? words.preparing : chosen ? words.chosen : ""}
      </p>
      {draft && !chosen && !choosing.preparing && <Guide />}
      {chosen && <Chosen draft={draft} />}
      {over && <div class="photo-over" aria-hidden="true">{words.letGo}</div>}
    </Step>
  );
}

function Dock({ draft, chosen, choosing }: { draft: Draft; chosen: boolean; choosing: Choosing }) {
  const words = photoWords();
  return (
    <div class="flow-dock">
      {chosen && <ButtonLink href={nextStep(draft)}>{words.next}</ButtonLink>}
      <FileButton name={chosen ? words.other : words.choose} kind={chosen ? "plain" : "primary"} take={choosing.take} />
      {!chosen && <FileButton name={words.camera} kind="line" camera take={choosing.take} />}
    </div>
  );
}

const EXAMPLES: Example[] = ["clear", "small", "two", "covered"];

function Guide() {
  const words = photoWords();
  return (
    <div class="stack loose">
      {isGone() && (
        <div class="notice accent" role="alert">
          <Icon name="info" />
          <div><p class="heading">{words.gone}</p><p>{words.goneText}</p></div>
        </div>
      )}
      <ul class="examples" aria-label={words.examples}>
        {EXAMPLES.map((example) => {
          const good = example === "clear";
          return (
            <li key={example} class={good ? "example good" : "example"}>
              <Drawing of={example} />
              <p class="example-words">
                <span class="example-mark"><Icon name={good ? "check" : "close"} size={16} /></span>
                <span class="visually-hidden">{good ? words.good : words.bad}: </span>
                {words.example[example]}
              </p>
            </li>
          );
        })}
      </ul>
      <p class="photo-promise small soft"><Icon name="lock" size={20} />{words.promise}</p>
      <p class="photo-drop small soft">{words.drop}</p>
    </div>
  );
}

/** The API has the photo of this draft no more, and neither has this browser. */
const isGone = () => upload.value.at === "failed" && upload.value.trouble instanceof Problem && upload.value.trouble.code === "upload_not_found";

function Chosen({ draft }: { draft: Draft }) {
  const words = photoWords();
  const url = usePicture(draft.preview);
  return (
    <div class="stack">
      {draft.preview ? (
        <div class="photo-chosen">{url && <img class="arriving" src={url} alt={words.yourPhoto} />}</div>
      ) : (
        <div class="photo-unseen">
          <div class="photo-unseen-drawing"><Drawing of="clear" /></div>
          <p class="heading">{words.unseen}</p>
          <p class="soft small">{words.unseenText}</p>
        </div>
      )}
      {draft.photo?.hints.map((hint) => (
        <div key={hint} class="notice">
          <Icon name="info" />
          <div><p class="heading">{words.hints[hint][0]}</p><p class="soft">{words.hints[hint][1]}</p></div>
        </div>
      ))}
    </div>
  );
}
