import { useLocation, useRoute } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import type { Generation } from "../../generations/addresses";
import { ended, storedOf } from "../../generations/progress";
import { useGeneration } from "../../generations/use-generation";
import { generationWords } from "../../words/generation";
import { Failed } from "../../ui/failed";
import { Gate } from "../../ui/gate";
import { Page } from "../../ui/page";
import { NoAnswer } from "../../api/problem";
import { After } from "./after";
import { dockOf } from "./dock";
import { Frames } from "./frames";
import { Heading } from "./heading";
import { Viewer } from "./viewer";
import "./generation.css";

/** One generation while it is made and ever after, with one of its images over it where the path names one. */
export default function GenerationRoute() {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  return (
    <Gate title={generationWords().title} back="/">
      <Watching key={id} id={id} open={params["index"]} />
    </Gate>
  );
}

function Watching({ id, open }: { id: string; open: string | undefined }) {
  const { generation, trouble, shaky, again } = useGeneration(id);
  const title = generationWords().title;
  const now = useNow(generation !== undefined && !ended(generation));
  if (trouble) return <Page title={title} back="/album"><h1 class="visually-hidden">{title}</h1><Failed trouble={trouble} again={again} /></Page>;
  if (!generation) return <Coming shaky={shaky} again={again} />;
  return (
    <Page title={title} back="/album" wide dock={dockOf(generation)}>
      <div class={ended(generation) && generation.selected !== null ? "generation chosen" : "generation"}>
        <Heading generation={generation} now={now} shaky={shaky} />
        {generation.status !== "failed" && <Frames generation={generation} now={now} />}
        {ended(generation) && <After generation={generation} />}
      </div>
      {open !== undefined && <Opened generation={generation} open={open} />}
    </Page>
  );
}

/** The image that the path names, large; there is nothing to show of one that is not there. */
function Opened({ generation, open }: { generation: Generation; open: string }) {
  const { query, route } = useLocation();
  const stored = storedOf(generation);
  const image = stored.find((one) => String(one.index) === open);
  const beside = query["with"];
  const other = beside === "original" || stored.some((one) => one !== image && String(one.index) === beside) ? beside : undefined;
  useEffect(() => {
    if (!image) route(`/generations/${generation.id}`, true);
  }, [image]);
  return image ? <Viewer generation={generation} image={image} other={other} /> : null;
}

function Coming({ shaky, again }: { shaky: boolean; again: () => void }) {
  const title = generationWords().title;
  return (
    <Page title={title} back="/album" wide>
      <h1 class="visually-hidden">{title}</h1>
      {shaky ? (
        <Failed trouble={new NoAnswer()} again={again} />
      ) : (
        <div class="frames coming-frames" aria-hidden="true">{[0, 1, 2, 3].map((index) => <div key={index} class="picture shimmer" />)}</div>
      )}
    </Page>
  );
}

/** The time, each second, while something is under way. */
function useNow(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
