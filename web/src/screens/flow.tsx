import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import { useEffect, useRef } from "preact/hooks";
import { EMPTY, hasPhoto, type Draft, type StepPath } from "../draft/draft";
import { draft, readDraft } from "../draft/store";
import { underWay } from "../upload/machine";
import { keepUploading, upload } from "../upload/upload";
import { Page } from "../ui/page";
import { online } from "../ui/banners";
import { Steps } from "../ui/steps";
import { stepWords } from "../words/steps";
import { uploadWords } from "../words/upload";
import "./flow.css";

/** The draft, once it has been read; its photo is sent meanwhile. */
export function useDraft(): Draft | undefined {
  useEffect(() => void readDraft().then(keepUploading), []);
  return draft.value;
}

interface StepProps {
  at: StepPath;
  title: string;
  lead?: string;
  back: string;
  wide?: boolean;
  dock?: ComponentChildren;
  children: ComponentChildren;
}

/** One step of the way: where one is, its question, and how the photo is doing. */
export function Step({ at, title, lead, back, wide, dock, children }: StepProps) {
  return (
    <Page title={title} back={back} bar={stepWords().names[at]} wide={wide ?? false} dock={dock}>
      <Steps at={at} />
      <div class="flow-head">
        <h1 class="title">{title}</h1>
        {lead && <p class="lead">{lead}</p>}
      </div>
      <UploadNote />
      {children}
    </Page>
  );
}

/** The draft of a step that needs a photo; without one, `/photo` takes the step's place, unless one is `coming`. */
export function useDraftWithPhoto(coming = false): Draft | undefined {
  const { route } = useLocation();
  const now = useDraft();
  const missing = now !== undefined && !hasPhoto(now) && !coming;
  const had = useRef(false);
  had.current ||= now !== undefined && hasPhoto(now);
  useEffect(() => {
    if (missing && !(had.current && now === EMPTY)) route("/photo", true); // forgotten while shown: who did it goes on
  }, [missing]);
  return missing ? undefined : now;
}

/** Says how the photo is doing, where there is something to say. */
function UploadNote() {
  const words = uploadWords();
  const now = upload.value;
  const bad = now.at === "rejected" || now.at === "failed";
  const texts = {
    idle: "", consent: "", ready: "", sending: words.sending, waiting: words.waiting,
    checking: words.checking, rejected: words.rejected, failed: words.failed,
  };
  const text = underWay(now) && !online.value ? words.offline : texts[now.at];
  return (
    <div role="status">
      {text && (
        <p class={bad ? "upload-note bad" : "upload-note"}>
          {text}
          {now.at === "sending" && <progress class="progress" max="100" value={now.percent} aria-label={words.sending} />}
          {bad && <a class="text-link" href="/photo/check">{words.see}</a>}
        </p>
      )}
    </div>
  );
}
