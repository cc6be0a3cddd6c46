import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { nextStep, type Draft } from "../../draft/draft";
import { dropPhoto } from "../../draft/store";
import { usePicture } from "../../photo/picture";
import { signInWanted } from "../../session/session";
import { underWay, type Upload } from "../../upload/machine";
import { upload, uploadAgain } from "../../upload/upload";
import { online } from "../../ui/banners";
import { Button, ButtonLink } from "../../ui/button";
import { Failed } from "../../ui/failed";
import { Icon } from "../../ui/icons";
import { Waiting } from "../../ui/load";
import { Page } from "../../ui/page";
import { common } from "../../words/common";
import { uploadWords } from "../../words/upload";
import { useDraftWithPhoto } from "../flow";
import { FaultNote, FileButton, useChoosing } from "./choose";
import { Drawing } from "./drawings";
import "./photo.css";

/** How the photo is doing: on its way, looked at, good, or why not. */
export default function CheckScreen() {
  const words = uploadWords();
  const draft = useDraftWithPhoto();
  const now = upload.value;
  return (
    <Page title={words.title} back="/photo" bar={words.title} dock={draft && <Dock draft={draft} now={now} />}>
      {!draft ? (
        <>
          <h1 class="visually-hidden">{words.title}</h1>
          <Waiting lines={2} />
        </>
      ) : now.at === "rejected" ? (
        <Rejected reason={now.reason} />
      ) : now.at === "failed" ? (
        <>
          <h1 class="visually-hidden">{words.failed}</h1>
          <Failed trouble={now.trouble} again={uploadAgain} />
        </>
      ) : (
        <OnTheWay draft={draft} now={now} />
      )}
    </Page>
  );
}

function Rejected({ reason }: { reason: Extract<Upload, { at: "rejected" }>["reason"] }) {
  const words = uploadWords();
  const [title, fix] = words.reasons[reason];
  return (
    <div role="alert">
      <div class="check-drawing"><Drawing of={reason} /></div>
      <div class="check-words">
        <h1 class="title">{title}</h1>
        <p>{fix}</p>
        <p class="small soft">{words.kept}</p>
      </div>
    </div>
  );
}

const SLOW_MS = 30_000;

function OnTheWay({ draft, now }: { draft: Draft; now: Exclude<Upload, { at: "rejected" | "failed" }> }) {
  const words = uploadWords();
  const url = usePicture(draft.preview);
  const slow = useSlow(now.at === "checking");
  const texts: Record<typeof now.at, [title: string, lead: string]> = {
    idle: [words.idle, words.idleLead],
    consent: [words.consent, words.consentLead],
    sending: [words.sending, words.sendingLead],
    waiting: [words.waiting, words.sendingLead],
    checking: [words.checking, slow ? words.slow : words.checkingLead],
    ready: [words.ready, words.readyLead],
  };
  const [said, lead] = texts[now.at];
  const title = underWay(now) && !online.value ? words.offline : said;
  const percent = now.at === "sending" || now.at === "waiting" ? now.percent : null;
  return (
    <>
      <div class="check-picture">
        <div class="picture">{url ? <img src={url} alt="" /> : !draft.preview && <Drawing of="clear" />}</div>
        {now.at === "checking" && <div class="shimmer check-sweep" />}
        {now.at === "ready" && <span class="check-mark"><Icon name="check" /></span>}
      </div>
      <div class="check-words">
        <div role="status">
          <h1 class="title">{title}</h1>
          <p class="soft">{lead}</p>
        </div>
        {percent !== null && (
          <>
            <progress class="progress" max="100" value={percent} aria-label={words.sending} />
            <p class="small soft number" aria-hidden="true">{words.percent(percent)}</p>
          </>
        )}
      </div>
    </>
  );
}

function useSlow(on: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!on) return;
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, [on]);
  return slow;
}

function Dock({ draft, now }: { draft: Draft; now: Upload }) {
  const words = uploadWords();
  const { route } = useLocation();
  const choosing = useChoosing();
  if (now.at === "idle") return <Button onPress={() => (signInWanted.value = "/photo/check")}>{common().signIn}</Button>;
  if (now.at === "consent") return <ButtonLink href="/consent?next=/photo/check">{words.read}</ButtonLink>;
  if (now.at === "ready" || now.at === "checking") {
    return <ButtonLink kind={now.at === "ready" ? "primary" : "line"} href={nextStep(draft)}>{words.next}</ButtonLink>;
  }
  if (now.at === "rejected" || now.at === "failed") {
    return (
      <div class="flow-dock">
        <FaultNote fault={choosing.fault} />
        <FileButton name={words.other} kind={now.at === "rejected" ? "primary" : "line"} take={choosing.take} />
      </div>
    );
  }
  return <Button kind="line" onPress={() => (dropPhoto(), route("/photo", true))}>{words.stop}</Button>;
}
